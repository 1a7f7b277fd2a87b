"""The cheapest kit out of a whole catalogue that works together, from what matters of each product as numbers.

Where ``completing`` mends a given set product by product, this asks for a set out of tens of thousands: at least so
many of every kind and so much performance; data of every product reaches a chosen hub through at most two chosen
adapters; every product is fed by a chosen source or converter of its voltage bus, within what these give; mass, mounts
and shared bands are kept; the price is the least. Products are joined by protocol and bus, so that the program has one
column a product and a few rows a protocol.
"""

from skypact.engines.interop.together.assembling.cheapest_kit import assemble
from skypact.engines.interop.together.assembling.products import NONE, Assembled, Products, Requirement
from skypact.engines.interop.together.assembling.program import KitProgram, program
from skypact.engines.interop.together.assembling.verifier import verify_assembly

__all__ = ["NONE", "Assembled", "KitProgram", "Products", "Requirement", "assemble", "program", "verify_assembly"]
