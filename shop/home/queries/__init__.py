"""The statements of the buyer pages: prebuilt, run on a Core connection, plain values out."""
