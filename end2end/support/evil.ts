// A second origin, as of a site that somebody visits who is signed in to Stint.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class Evil {
  private constructor(
    private readonly server: Server,
    /** Everything that was asked for there. */
    readonly asked: string[],
  ) {}

  static async start(): Promise<Evil> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>Evil</title><p>Nothing to see here');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Evil(server, asked);
  }

  /** Of the same site as Stint, whose cookies go along: only the port differs. */
  get sameSite(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Of another site. */
  get crossSite(): string {
    return this.sameSite.replace('127.0.0.1', 'localhost');
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
