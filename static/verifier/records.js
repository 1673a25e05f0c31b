// The zip format's records, little-endian (PKWARE APPNOTE 6.3): the second half of
// attest/bundle/layout.py. A number of 64 bits may come out rounded: it is then larger than any file.

export const STORED = 0;
export const DEFLATED = 8;
export const MAX16 = 0xffff;
export const MAX32 = 0xffffffff;
export const ZIP64_EXTRA = 0x0001;

export const VERSION_PLAIN = 20;
export const VERSION_64 = 45;
// 1 January 1980, 00:00, the oldest moment that a zip can name: a bundle has no clock.
export const NO_TIME = 0;
export const NO_DATE = (1 << 5) | 1;
// Made on Unix, a regular file that anybody may read (0644).
export const MADE_BY = 3 << 8;
export const ATTRIBUTES = 0o100644 * 2 ** 16;

export const LOCAL_MAGIC = 0x04034b50;
export const CENTRAL_MAGIC = 0x02014b50;
export const END_MAGIC = 0x06054b50;
export const END64_MAGIC = 0x06064b50;
export const LOCATOR64_MAGIC = 0x07064b50;

// Each member with its width in bytes.
const LOCAL_MEMBERS = {
  magic: 4, version: 2, flags: 2, method: 2, time: 2, date: 2, crc: 4, packed: 4, size: 4,
  nameLength: 2, extraLength: 2,
};
const CENTRAL_MEMBERS = {
  magic: 4, madeBy: 2, version: 2, flags: 2, method: 2, time: 2, date: 2, crc: 4, packed: 4,
  size: 4, nameLength: 2, extraLength: 2, commentLength: 2, disk: 2, internal: 2, attributes: 4,
  offset: 4,
};
const END_MEMBERS = {
  magic: 4, disk: 2, startDisk: 2, countHere: 2, count: 2, length: 4, start: 4, comment: 2,
};
const END64_MEMBERS = {
  magic: 4, rest: 8, madeBy: 2, version: 2, disk: 4, startDisk: 4, countHere: 8, count: 8,
  length: 8, start: 8,
};
const LOCATOR64_MEMBERS = { magic: 4, disk: 4, pointsTo: 8, disks: 4 };

export const LOCAL = record(LOCAL_MEMBERS);
export const CENTRAL = record(CENTRAL_MEMBERS);
export const END = record(END_MEMBERS);
export const END64 = record(END64_MEMBERS);
export const LOCATOR64 = record(LOCATOR64_MEMBERS);
/** What a ZIP64 end record says of its own length, which leaves out the first two members. */
export const END64_REST = END64.size - 12;

/** The numbers of `width` bytes that `bytes` consist of. */
export function numbers(bytes, width) {
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length / width }, (_, index) => read(view, index * width, width));
}

// `size` in bytes, `unpack` for bytes that are at least as many, and `pack`, where a member that is not
// given is 0.
function record(members) {
  const widths = Object.entries(members);
  const size = widths.reduce((total, [, width]) => total + width, 0);
  const unpack = (bytes) => {
    const view = viewOf(bytes);
    const unpacked = {};
    let at = 0;
    for (const [name, width] of widths) {
      unpacked[name] = read(view, at, width);
      at += width;
    }
    return unpacked;
  };
  const pack = (values) => {
    const view = new DataView(new ArrayBuffer(size));
    let at = 0;
    for (const [name, width] of widths) {
      write(view, at, width, values[name] ?? 0);
      at += width;
    }
    return new Uint8Array(view.buffer);
  };
  return { size, unpack, pack };
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function read(view, at, width) {
  if (width === 2) return view.getUint16(at, true);
  if (width === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}

function write(view, at, width, value) {
  if (width === 2) view.setUint16(at, value, true);
  else if (width === 4) view.setUint32(at, value, true);
  else view.setBigUint64(at, BigInt(value), true);
}
