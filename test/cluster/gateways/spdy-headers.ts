import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';

const words = [
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control',
  'connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect',
  'expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma',
  'proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning',
  'www-authenticate method get status',
]
  .join(' ')
  .split(' ');
const rest = [
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content',
  '301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable',
  'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,',
  'application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.',
].join('');

function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** What both sides of SPDY/3 compress headers with (draft-mbelshe-httpbis-spdy-00 §2.6.10.1). */
const dictionary = Buffer.concat([
  ...[...words, '200 OK', 'version', 'HTTP/1.1', 'url', 'public', 'set-cookie', 'keep-alive', 'origin'].map(counted),
  Buffer.from(rest),
]);
const mostBytes = 64 * 1024;

/** Headers of a whole connection: each block goes on where the one before it ended. */
export class SpdyHeaders {
  readonly #inflate: Inflate = createInflate({ dictionary, finishFlush: constants.Z_SYNC_FLUSH });
  readonly #deflate: Deflate = createDeflate({ dictionary });

  async read(block: Buffer): Promise<Map<string, string>> {
    const bytes = await through(this.#inflate, block);
    const headers = new Map<string, string>();
    let at = 4;
    const text = () => {
      const end = at + 4 + bytes.readUInt32BE(at);
      const read = bytes.toString('utf8', at + 4, end);
      at = end;
      return read;
    };
    for (let left = bytes.readUInt32BE(0); left > 0; left--) headers.set(text(), text());
    return headers;
  }

  async write(headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const pairs = Object.entries(headers);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(pairs.length);
    return through(this.#deflate, Buffer.concat([count, ...pairs.flat().map(counted)]));
  }

  close(): void {
    this.#inflate.close();
    this.#deflate.close();
  }
}

function through(stream: Inflate | Deflate, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const take = (piece: Buffer) => {
      length += piece.length;
      if (length > mostBytes) settle(new Error('headers that are too long'));
      else pieces.push(piece);
    };
    const settle = (error: Error | null) => {
      stream.off('data', take).off('error', settle);
      if (error) reject(error);
      else resolve(Buffer.concat(pieces));
    };
    stream.on('data', take).on('error', settle);
    stream.write(bytes);
    stream.flush(constants.Z_SYNC_FLUSH, () => settle(null));
  });
}
