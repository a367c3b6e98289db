"""A small DNS server on the node: the names that CoreDNS would answer, from the runner's store, for A and PTR over UDP."""
import random
import socket
import struct
import threading

A, PTR, AAAA = 1, 12, 28


def encode(name):
    return b"".join(bytes([len(x)]) + x.encode() for x in name.split(".")) + b"\0"


def decode(packet, at):
    labels = []
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("ascii", "replace"))
        at += 1 + packet[at]
    return ".".join(labels).lower(), at + 1


class Server:
    """Answers on `address`; names() gives {name: [addresses]} as they are at this moment."""

    def __init__(self, address, names):
        self.names = names
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            packet, client = self.socket.recvfrom(1500)
            try:
                self.socket.sendto(self.answer(packet), client)
            except (IndexError, OSError, struct.error):
                pass

    def answer(self, packet):
        name, end = decode(packet, 12)
        kind, = struct.unpack("!H", packet[end:end + 2])
        names = self.names()
        found, data = self.find(name, kind, names)
        flags = 0x8580 if found else 0x8583  # answer, authoritative, recursion; NXDOMAIN
        head = packet[:2] + struct.pack("!HHHHH", flags, 1, len(data), 0, 0)
        body = b"".join(struct.pack("!HHHIH", 0xc00c, kind, 1, 5, len(d)) + d for d in data)
        return head + packet[12:end + 4] + body

    @staticmethod
    def find(name, kind, names):
        if kind == PTR and name.endswith(".in-addr.arpa"):
            address = ".".join(reversed(name[:-13].split(".")))
            of = [n for n, addresses in names.items() if addresses == [address] and n.count(".") >= 5]
            random.shuffle(of)  # a pod has a name behind each of its Services; nobody knows which comes first
            return bool(of), [encode(n) for n in of]
        data = [socket.inet_aton(a) for a in names.get(name, [])] if kind == A else []
        return name in names, data
