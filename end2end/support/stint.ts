// A real `stint serve` on a free port, with a fresh SQLite database and a mail server of its own.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Mailbox } from './mail.ts';

const cache = process.env.STINT_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'stint');
const binary =
  process.env.STINT_BINARY ?? join(process.env.CARGO_TARGET_DIR ?? join(cache, 'target'), 'debug', 'stint');

const SET_UP_LINK = /https?:\/\/[^\s"'<>]+\/set-up\/[A-Za-z0-9_-]+/g;

const run = promisify(execFile);

export type Settings = Record<string, string | undefined>;

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export class Stint {
  private constructor(
    readonly url: string,
    readonly mail: Mailbox,
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly child: ChildProcess,
    private readonly output: { text: string },
  ) {}

  /** Starts a server; `settings` are further environment variables, or none of that name. */
  static async start(settings: Settings = {}): Promise<Stint> {
    const [folder, port, mail] = await Promise.all([mkdtemp(join(tmpdir(), 'stint-')), freePort(), Mailbox.open()]);
    const url = `http://127.0.0.1:${port}`;
    const output = { text: '' };
    // Nothing is inherited: what a developer has set for himself must not change a test.
    const env: NodeJS.ProcessEnv = {
      PATH: process.env.PATH,
      HOME: folder,
      RUST_BACKTRACE: '1',
      DATABASE_URL: `sqlite://${join(folder, 'stint.db')}`,
      STINT_KEY_FILE: join(folder, 'stint.key'),
      STINT_LISTEN: `127.0.0.1:${port}`,
      STINT_PUBLIC_URL: url,
      STINT_SMTP_URL: mail.url,
      STINT_ORGANISATION: 'Halden',
      STINT_ZONE: 'Europe/Berlin',
      STINT_SHORTEST_PERIOD: 'PT5S',
      ...settings,
    };
    const child = spawn(binary, ['serve'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env });
    running.add(child);
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output.text += text));
    }
    child.on('error', (error) => (output.text += `${binary}: ${error.message}`));
    const stint = new Stint(url, mail, folder, env, child, output);
    try {
      await stint.eventually('ready', async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok);
    } catch (error) {
      await stint.stop();
      throw error;
    }
    return stint;
  }

  /** Runs another command on the host of this server; gives what it says. */
  async command(...args: string[]): Promise<string> {
    const { stdout } = await run(binary, args, { cwd: this.folder, env: this.env });
    return stdout;
  }

  /** Everything the server has said so far. */
  get log(): string {
    return this.output.text;
  }

  /** The one-time link of a server without people; the newest, because each start voids the older ones. */
  async setUpLink(): Promise<string> {
    return this.eventually('a set-up link', async () => this.log.match(SET_UP_LINK)?.at(-1));
  }

  /** Ends the server as an operator does, which must not take long, and removes its files. */
  async stop(): Promise<void> {
    let late = false;
    if (this.alive) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const timer = setTimeout(() => (late = this.child.kill('SIGKILL')), 10_000);
      await exited;
      clearTimeout(timer);
    }
    running.delete(this.child);
    await this.mail.close();
    await rm(this.folder, { recursive: true, force: true });
    if (late) throw new Error(`stint did not end within ten seconds of SIGTERM:\n${this.log}`);
  }

  private get alive(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  private async eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const end = Date.now() + 30_000;
    while (Date.now() < end) {
      const found = await look();
      if (found) return found;
      if (!this.alive) throw new Error(`stint has ended before ${what}:\n${this.log}`);
      await delay(50);
    }
    throw new Error(`no sign of ${what} within 30 seconds:\n${this.log}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
