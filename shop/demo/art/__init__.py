"""The demo's pictures, drawn thread by thread: no photographs, nobody else's art.

``python -m shop.demo.art OUT`` draws the masters anew into the folder OUT (about 20 seconds); those committed in
``shop/demo/pictures`` came from here. Pillow is all it needs. The shop itself never draws a master: `shop.demo.pictures`
composes the products' pictures from them.
"""
