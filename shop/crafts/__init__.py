"""The tree of crafts: what is made here, and by which techniques.

A craft may have techniques, one step below it and no deeper. Each has a name and a text in three languages, and
synonyms, which search takes for the craft in any language. Products, places, skills and workshops point here.
"""
