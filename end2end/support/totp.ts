// An authenticator app: RFC 6238 with SHA-1, 30 seconds and six digits, and no code given out twice.
import { createHmac } from 'node:crypto';
import { setTimeout as until } from 'node:timers/promises';

const STEP = 30_000;

/** The code of one time step. */
export function totp(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', base32(secret)).update(counter).digest();
  const offset = digest[digest.length - 1]! & 0x0f;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export class Authenticator {
  private lastStep = 0;

  constructor(readonly secret: string) {}

  /**
   * A code that has not been used. Stint takes the present step and the one before, each once; so two codes come at
   * once, and from the third on this waits for the next step, up to 30 seconds.
   */
  async code(): Promise<string> {
    const now = Date.now();
    const present = Math.floor(now / STEP);
    // Shortly before the step changes, the one before it may be refused when it arrives.
    const oldest = STEP - (now % STEP) > 5_000 ? present - 1 : present;
    const step = Math.max(this.lastStep + 1, oldest);
    this.lastStep = step;
    if (step > present) await until(step * STEP - now + 50);
    return totp(this.secret, step);
  }
}

function base32(text: string): Buffer {
  let bits = 0;
  let value = 0;
  const bytes: number[] = [];
  for (const letter of text.toUpperCase().replace(/[\s=-]/g, '')) {
    const digit = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter);
    if (digit < 0) throw new Error(`not base32: ${text}`);
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes);
}
