"""Encrypted AuthIP messages opened with the keys of a capture: an implementation of [MS-AIPS] 2.2.3.2 apart from the model's."""
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ENCRYPTED = 1  # flag E of the header
CRYPTO_PAYLOAD = 133


def cipher_of(key):
    """3DES keys have 24 octets; AES-192 is no choice of the default policies."""
    return algorithms.TripleDES(key) if len(key) == 24 else algorithms.AES(key)


def is_encrypted(message):
    return bool(message[19] & ENCRYPTED)


def open_message(message, keys, icv_octets=12):
    """(first payload's type, inner payload chain). `keys`: {initiator cookie: cipher key}."""
    assert message[16] == CRYPTO_PAYLOAD, "the first payload is no Crypto payload"
    assert struct.unpack_from(">I", message, 24)[0] == len(message), "the header's length"
    cipher = cipher_of(keys[message[:8]])
    block = cipher.block_size // 8
    next_payload, reserved, length = struct.unpack_from(">BBH", message, 28)
    assert (next_payload, reserved, length) == (0, 0, 8 + block), "the Crypto payload's header"
    vector, sealed = message[36 : 36 + block], message[36 + block : -icv_octets]
    assert sealed and len(sealed) % block == 0, "the encrypted part is no multiple of the block"
    decryptor = Cipher(cipher, modes.CBC(vector)).decryptor()
    plain = decryptor.update(sealed) + decryptor.finalize()
    pad_octets, first_type = plain[-2], plain[-1]
    assert pad_octets + 2 <= len(plain), "more padding than text"
    chain, padding = plain[: len(plain) - 2 - pad_octets], plain[len(plain) - 2 - pad_octets : -2]
    assert padding == bytes(range(1, pad_octets + 1)), "the padding is not 1, 2, 3, …"
    return first_type, chain


def payload_types(first_type, chain):
    """The types of a payload chain, whose lengths must add up to the chain."""
    types, kind, at = [], first_type, 0
    while kind != 0:
        following, _, length = struct.unpack_from(">BBH", chain, at)
        assert length >= 4 and at + length <= len(chain), "a payload leaves the message"
        types.append(kind)
        kind, at = following, at + length
    assert at == len(chain), "octets behind the last payload"
    return types


def in_clear(message, first_type, chain):
    """The same message as IKEv1 would send it without encryption: header, then the payloads."""
    header = bytearray(message[:28])
    header[16] = first_type
    header[19] &= ~ENCRYPTED
    struct.pack_into(">I", header, 24, 28 + len(chain))
    return bytes(header) + chain
