"""Bytes as source texts: any bytes are some text."""


def to_text(data: bytes) -> str:
    """UTF-8 where it is that (halves of surrogate pairs included), else a character per byte."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("latin-1")
