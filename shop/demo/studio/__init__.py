"""Where the demo's products are photographed: masters, dyed and stitched on cloth, in the shape of the thing, on a table.

`parts` cuts and colours the masters, `cloth` weaves grounds and backdrops, `shapes` makes things of them, `crosses`
counts cross stitch, and one module for each kind of work says how each product looks. Pillow only, and quick: a picture
takes some 20 ms.
"""
