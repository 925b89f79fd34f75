"""Where people live and work: counties, their towns, their villages.

A place has a full and a short name in three languages; a village may have a speciality craft. Makers, brokers and
workshops point here. What is public of a maker's village is her own decision (makers/public.py).
"""
