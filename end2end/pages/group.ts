// Groups: the list, adding one, and one group with its members.
import { Frame } from './frame.ts';

export class GroupsPage extends Frame {
  async open(): Promise<void> {
    await this.page.goto('/groups');
  }

  async add(): Promise<void> {
    await this.page.getByRole('link', { name: 'Add group' }).first().click();
  }
}

export class NewGroupPage extends Frame {
  async fill(name: string, description = ''): Promise<void> {
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByLabel('What it is for').fill(description);
  }

  async create(): Promise<void> {
    await this.button('Add group').click();
  }
}

export class GroupPage extends Frame {
  async open(id: string): Promise<void> {
    await this.page.goto(`/groups/${id}`);
  }

  get members() {
    return this.section('Members');
  }

  async addMember(name: string): Promise<void> {
    await this.main.getByRole('link', { name: 'Add member' }).click();
    await this.over.getByText(name, { exact: true }).click();
    await this.over.getByRole('button', { name: 'Add', exact: true }).click();
  }

  async takeOut(name: string): Promise<void> {
    await this.members.getByRole('link', { name: `Take out ${name}` }).click();
    await this.over.getByRole('button', { name: 'Take out now' }).click();
  }

  async change(name: string): Promise<void> {
    await this.main.getByRole('link', { name: 'Change', exact: true }).click();
    await this.over.getByLabel('Name', { exact: true }).fill(name);
    await this.over.getByRole('button', { name: 'Save' }).click();
  }

  async remove(): Promise<void> {
    await this.main.getByRole('link', { name: 'Remove', exact: true }).click();
    await this.over.getByRole('button', { name: 'Remove now' }).click();
  }
}
