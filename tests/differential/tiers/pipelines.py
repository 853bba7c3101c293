"""stub"""
from tests.differential.clarity.generator import Program, generate as generate0
generate = generate0
