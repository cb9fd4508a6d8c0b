"""scapy's security associations from a capture's key tables."""
import warnings

import lab

warnings.filterwarnings("ignore")  # scapy's ciphers are old, and cryptography says so

try:
    from scapy.layers.inet import IP
    from scapy.layers.inet6 import IPv6
    from scapy.layers.ipsec import AH, ESP, SecurityAssociation
except ImportError:
    lab.skip("scapy is not installed")

CIPHERS = {"NULL": "NULL", "AES-CBC [RFC3602]": "AES-CBC", "TripleDES-CBC [RFC2451]": "3DES"}
INTEGRITIES = {"HMAC-SHA-1-96 [RFC2404]": "HMAC-SHA1-96"}


def octets(digits):
    return bytes.fromhex(digits.removeprefix("0x"))


def esp_associations(capture):
    """{SPI: association} of the table esp_sa."""
    found = {}
    for _, _, _, spi, cipher, cipher_key, integrity, integrity_key in capture.table("esp_sa"):
        number = int(spi, 16)
        found[number] = SecurityAssociation(ESP, spi=number, crypt_algo=CIPHERS[cipher], crypt_key=octets(cipher_key),
                                            auth_algo=INTEGRITIES[integrity], auth_key=octets(integrity_key))
    return found


def ah_associations(capture):
    """{SPI: association} of the table ah_sa."""
    found = {}
    for _, _, _, spi, integrity, integrity_key in capture.table("ah_sa"):
        number = int(spi, 16)
        found[number] = SecurityAssociation(AH, spi=number, auth_algo=INTEGRITIES[integrity], auth_key=octets(integrity_key))
    return found


def packet_of(datagram):
    return (IP if datagram[0] >> 4 == 4 else IPv6)(datagram)
