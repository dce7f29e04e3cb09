// People: the list, adding somebody, and one person.
import { Frame } from './frame.ts';

export class PeoplePage extends Frame {
  async open(): Promise<void> {
    await this.page.goto('/people');
  }

  async find(name: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Find people' }).fill(name);
    await this.button('Find').click();
  }

  async add(): Promise<void> {
    await this.page.getByRole('link', { name: 'Add person' }).click();
  }

  async see(name: string): Promise<void> {
    await this.main.getByRole('link', { name }).click();
  }
}

export class NewPersonPage extends Frame {
  async open(): Promise<void> {
    await this.page.goto('/people/new');
  }

  async fill(input: { kind?: 'Member' | 'Guest'; name?: string; signInName?: string; addresses?: string }): Promise<void> {
    if (input.kind !== undefined) await this.main.getByText(input.kind, { exact: true }).click();
    if (input.name !== undefined) await this.page.getByLabel('Name', { exact: true }).fill(input.name);
    if (input.signInName !== undefined) await this.page.getByLabel('Name to sign in with').fill(input.signInName);
    if (input.addresses !== undefined) await this.page.getByLabel('Contact addresses').fill(input.addresses);
  }

  async invite(): Promise<void> {
    await this.button('Add and invite').click();
  }
}

export class PersonPage extends Frame {
  async open(id: string): Promise<void> {
    await this.page.goto(`/people/${id}`);
  }

  /** The link that was made a moment ago; it is shown once. */
  get link() {
    return this.page.getByLabel('Link', { exact: true });
  }

  /** Opens what one may do to the person: "Change", "Disable", "New password". */
  async choose(what: string): Promise<void> {
    await this.main.getByRole('link', { name: what, exact: true }).click();
  }

  async answer(button: string, code?: string): Promise<void> {
    if (code) await this.code.fill(code);
    await this.over.getByRole('button', { name: button, exact: true }).click();
  }

  async fill(input: { name?: string; addresses?: string }): Promise<void> {
    if (input.name !== undefined) await this.over.getByLabel('Name', { exact: true }).fill(input.name);
    if (input.addresses !== undefined) await this.over.getByLabel('Contact addresses').fill(input.addresses);
  }
}
