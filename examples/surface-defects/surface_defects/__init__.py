"""Finds scratches, spots and stains on brushed metal, with NumPy and Pillow."""
