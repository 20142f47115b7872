"""Pages of an Ogg file, RFC 3533 section 6."""


def pages(data):
    """(first byte, first byte of the body, end) of every page; ValueError says what is broken."""
    start = 0
    while start < len(data):
        if data[start : start + 4] != b"OggS" or len(data) < start + 27:
            raise ValueError(f"no Ogg page at byte {start}")
        body = start + 27 + data[start + 26]
        end = body + sum(data[start + 27 : body])
        if end > len(data):
            raise ValueError("cut off in the middle of a page")
        yield start, body, end
        start = end


def checksum(page):
    """CRC-32 of a page whose checksum field is zero: polynomial 0x04c11db7, not reflected."""
    value = 0
    for byte in page:
        value = (value << 8 & 0xFFFFFFFF) ^ _TABLE[value >> 24 ^ byte]
    return value


def _table():
    for value in range(256):
        value <<= 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value >> 31 else value << 1) & 0xFFFFFFFF
        yield value


_TABLE = list(_table())
