// The proof of work, in a worker: is sent a task, `visit.bits.end.signature`, and answers with the task, a dot and a number such that
// the SHA-256 of `signature.number` begins with so many zero bits. See the proxy's `intake/work.rs`.

// The first 32 bits of the fractional parts of the square and the cube roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3).
const bits = (x) => ((x - Math.floor(x)) * 0x100000000) | 0;
const isPrime = (n) => !Array.from({ length: n }, (_, d) => d).some((d) => d > 1 && n % d === 0);
const primes = Array.from({ length: 312 }, (_, n) => n).filter((n) => n > 1 && isPrime(n));
const START = Int32Array.from(primes.slice(0, 8), (p) => bits(Math.sqrt(p)));
const K = Int32Array.from(primes.slice(0, 64), (p) => bits(Math.cbrt(p)));

const words = new Int32Array(64);

/** The first 32 bits of the SHA-256 of what stands, padded, in the first 16 words. */
function beginning() {
  for (let i = 16; i < 64; i++) {
    const [x, y] = [words[i - 15], words[i - 2]];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  return (START[0] + a) >>> 0;
}

/** At most 55 characters of ASCII: one block. */
function put(text) {
  words.fill(0, 0, 16);
  for (let i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  words[15] = text.length * 8;
}

onmessage = ({ data: task }) => {
  const [, zeros, , signature] = task.split(".");
  const below = 2 ** (32 - zeros);
  for (let number = 0; ; number++) {
    put(`${signature}.${number}`);
    if (beginning() < below) return postMessage(`${task}.${number}`);
  }
};
