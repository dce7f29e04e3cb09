// A real SMTP server on loopback that keeps what it is given, so that tests read the mails a person would get.
import { simpleParser, type ParsedMail } from 'mailparser';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Mail = {
  to: string[];
  from: string;
  subject: string;
  text: string;
  html: string;
  /** The first address of a page in the text; every mail of Stint has exactly one. */
  link: string | undefined;
};

type Waiting = { matches: (mail: Mail) => boolean; take: (mail: Mail) => void };

export class Mailbox {
  private readonly unread: Mail[] = [];
  private readonly waiting = new Set<Waiting>();

  private constructor(
    private readonly server: SMTPServer,
    /** All mails since the start, oldest first. */
    readonly all: Mail[],
  ) {}

  static async open(): Promise<Mailbox> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      onData(stream, session, done) {
        simpleParser(stream).then(
          (parsed) => {
            const to = session.envelope.rcptTo.map((recipient) => recipient.address);
            mailbox.receive(toMail(parsed, to));
            done();
          },
          (error: Error) => done(error),
        );
      },
    });
    const mailbox = new Mailbox(server, []);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    // From here on a client that goes away in the middle is no matter.
    server.on('error', () => {});
    return mailbox;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Takes the oldest unread mail to this address, now or when it comes. */
  async take(address: string, subject: RegExp = /./, within = 15_000): Promise<Mail> {
    const matches = (mail: Mail) => mail.to.includes(address) && subject.test(mail.subject);
    const found = this.unread.findIndex(matches);
    if (found >= 0) return this.unread.splice(found, 1)[0]!;
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        matches,
        take: (mail) => {
          clearTimeout(timer);
          resolve(mail);
        },
      };
      this.waiting.add(waiting);
      const timer = setTimeout(() => {
        this.waiting.delete(waiting);
        const there = this.all.map((mail) => `  ${mail.to.join(', ')}: ${mail.subject}`).join('\n');
        reject(new Error(`no mail to ${address} with subject ${subject} within ${within} ms; there are:\n${there}`));
      }, within);
    });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  private receive(mail: Mail): void {
    this.all.push(mail);
    for (const waiting of this.waiting) {
      if (waiting.matches(mail)) {
        this.waiting.delete(waiting);
        waiting.take(mail);
        return;
      }
    }
    this.unread.push(mail);
  }
}

function toMail(parsed: ParsedMail, to: string[]): Mail {
  const text = parsed.text ?? '';
  return {
    to,
    from: parsed.from?.text ?? '',
    subject: parsed.subject ?? '',
    text,
    html: parsed.html || '',
    link: text.match(/https?:\/\/[^\s<>"]+/)?.[0],
  };
}
