import { createRequire } from 'node:module';
import { endianness } from 'node:os';

/** User id of the program that holds a connection over IPv4 loopback; null when no program holds it. */
export type OwnerOf = (port: number, otherPort: number) => number | null;

/** linux/netlink.h, linux/sock_diag.h, linux/inet_diag.h, netinet/tcp.h */
const netlink = { AF_NETLINK: 16, SOCK_DGRAM: 2, SOCK_CLOEXEC: 0o2000000, NETLINK_SOCK_DIAG: 4, SOCK_DIAG_BY_FAMILY: 20, NLM_F_REQUEST: 1 };
const [AF_INET, IPPROTO_TCP, TCP_LISTEN, MSG_DONTWAIT] = [2, 6, 10, 0x40];
const loopback = [127, 0, 0, 1];

/**
 * Linux's answer about one connection (sock_diag(7)), in microseconds, where `/proc/net/tcp` takes milliseconds to list all of them. Null where this system
 * does not answer so.
 */
export function socketDiag(): OwnerOf | null {
  if (process.platform !== 'linux' || endianness() !== 'LE') return null;
  try {
    const koffi: typeof import('koffi') = createRequire(import.meta.url)('koffi');
    const system = koffi.load(null);
    const socket = system.func('int socket(int domain, int type, int protocol)');
    const send = system.func('intptr_t send(int fd, void *bytes, size_t length, int flags)');
    const receive = system.func('intptr_t recv(int fd, void *bytes, size_t length, int flags)');
    const close = system.func('int close(int fd)');
    const answer = Buffer.alloc(4096);
    const ask = (request: Buffer): Buffer => {
      const fd: number = socket(netlink.AF_NETLINK, netlink.SOCK_DGRAM | netlink.SOCK_CLOEXEC, netlink.NETLINK_SOCK_DIAG);
      if (fd < 0) throw new Error('no netlink socket');
      try {
        if (Number(send(fd, request, request.length, 0)) !== request.length) throw new Error('netlink takes no request');
        // The kernel has answered before `send` returns.
        const length = Number(receive(fd, answer, answer.length, MSG_DONTWAIT));
        if (length < 20) throw new Error('netlink does not answer');
        return answer.subarray(0, length);
      } finally {
        close(fd);
      }
    };
    const ownerOf: OwnerOf = (port, otherPort) => readAnswer(ask(question(port, otherPort)), port, otherPort);
    ownerOf(1, 1);
    return ownerOf;
  } catch {
    return null;
  }
}

/** `nlmsghdr`, `inet_diag_req_v2`. */
function question(port: number, otherPort: number): Buffer {
  const bytes = Buffer.alloc(72);
  bytes.writeUInt32LE(bytes.length, 0);
  bytes.writeUInt16LE(netlink.SOCK_DIAG_BY_FAMILY, 4);
  bytes.writeUInt16LE(netlink.NLM_F_REQUEST, 6);
  bytes[16] = AF_INET;
  bytes[17] = IPPROTO_TCP;
  bytes.writeUInt32LE(0xffffffff, 20);
  bytes.writeUInt16BE(port, 24);
  bytes.writeUInt16BE(otherPort, 26);
  bytes.set(loopback, 28);
  bytes.set(loopback, 44);
  bytes.fill(0xff, 64);
  return bytes;
}

/** `nlmsghdr`, then `inet_diag_msg` or an error. Anything but the connection itself, held by a program, is nobody's. */
export function readAnswer(bytes: Buffer, port: number, otherPort: number): number | null {
  const type = bytes.readUInt16LE(4);
  const noEntry = -2;
  if (type === 2 && bytes.readInt32LE(16) !== noEntry) throw new Error('netlink refuses');
  if (type !== netlink.SOCK_DIAG_BY_FAMILY || bytes.length < 88) return null;
  const isIt = bytes[17] !== TCP_LISTEN && bytes.readUInt16BE(20) === port && bytes.readUInt16BE(22) === otherPort;
  const inode = bytes.readUInt32LE(84);
  return isIt && inode !== 0 ? bytes.readUInt32LE(80) : null;
}
