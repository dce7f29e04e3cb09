// The JSON API, for what a journey is not about, and for looking at what a page has done.
export type Answer = any;

/** What was answered, whatever it was. */
export type Asked = { status: number; body: Answer };

export class Api {
  constructor(
    readonly url: string,
    private readonly token?: string,
    /** What the client says that it is. */
    private readonly agent?: string,
  ) {}

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.send('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  /** Asks, for who wants to see a refusal too. */
  async ask(method: string, path: string, body?: unknown): Promise<Asked> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(this.agent ? { 'user-agent': this.agent } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    const isJson = /\bjson\b/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, body: text && isJson ? JSON.parse(text) : text || undefined };
  }

  private async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const { status, body: answer } = await this.ask(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }
}
