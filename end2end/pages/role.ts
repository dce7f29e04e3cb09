// Roles: the list, the catalogue, one role with its tabs, and its words.
import { expectLive } from '../support/live.ts';
import { Frame } from './frame.ts';

export class RolesPage extends Frame {
  async open(): Promise<void> {
    await this.page.goto('/roles');
  }

  async see(name: string): Promise<void> {
    await this.main.getByRole('link', { name, exact: true }).click();
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Search roles' }).fill(text);
    await this.page.getByRole('searchbox', { name: 'Search roles' }).press('Enter');
  }
}

export class RoleImportPage extends Frame {
  async open(): Promise<void> {
    await this.page.goto('/roles/import');
  }

  async choose(name: string): Promise<void> {
    await this.page.getByRole('checkbox', { name: `Import ${name}`, exact: true }).check();
  }

  async import(): Promise<void> {
    await this.button(/^Import/).click();
  }
}

export class RoleCreatePage extends Frame {
  async open(): Promise<void> {
    await this.page.goto('/roles/new');
  }

  async fill(input: { name?: string; key?: string; description?: string; level?: string; link?: string }): Promise<void> {
    if (input.name !== undefined) await this.page.getByLabel('Name', { exact: true }).fill(input.name);
    if (input.key !== undefined) await this.page.getByLabel('Key', { exact: true }).fill(input.key);
    if (input.description !== undefined) await this.page.getByLabel('What it grants').fill(input.description);
    if (input.level !== undefined) await this.page.getByText(input.level, { exact: true }).click();
    if (input.link !== undefined) await this.page.getByLabel('Where it is used').fill(input.link);
  }

  async create(): Promise<void> {
    await this.button('Create role').click();
  }

  async save(): Promise<void> {
    await this.button('Save').click();
  }
}

export class RolePage extends Frame {
  async open(id: string, part = ''): Promise<void> {
    await this.page.goto(`/roles/${id}${part}`);
  }

  async tab(name: 'Assignments' | 'Settings' | 'History'): Promise<void> {
    await this.page.locator('.tabs').getByRole('link', { name }).click();
  }

  async addAssignment(): Promise<void> {
    await this.page.getByRole('link', { name: 'Add assignment' }).filter({ visible: true }).first().click();
  }

  async remove(name: string): Promise<void> {
    await this.page.getByRole('link', { name: `Remove ${name}` }).click();
  }

  async change(name: string): Promise<void> {
    await this.page.getByRole('link', { name: `Change ${name}` }).click();
  }

  /** Shows only some of the assignments. */
  async show(part: 'All' | 'Eligible' | 'Standing' | 'Ended'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Assignments' }).getByRole('link', { name: part }).click();
  }
}

export class RoleSettingsPage extends Frame {
  async open(id: string): Promise<void> {
    await this.page.goto(`/roles/${id}/settings`);
  }

  /** The settings as a sentence. */
  get sentence() {
    return this.page.locator('p.say');
  }

  /** The row of one setting. */
  setting(name: string) {
    return this.page.locator('.setting').filter({ has: this.page.locator('.setting-name', { hasText: name }) });
  }

  /** What is wrong with a setting. */
  wrong(name: string) {
    return this.setting(name).locator('.field-error');
  }

  /** A knob by its label. */
  knob(label: string) {
    return this.page.getByLabel(label, { exact: true });
  }

  async switch(label: string, to: 'On' | 'Off'): Promise<void> {
    const knob = this.page.getByRole('radiogroup', { name: label, exact: true });
    await knob.getByRole('radio', { name: to, exact: true }).check({ force: true });
  }

  /** One of the words of a control. */
  async choose(label: string, word: string): Promise<void> {
    await this.page.getByRole('radiogroup', { name: label, exact: true }).getByRole('radio', { name: word, exact: true }).check();
  }

  /** Finds somebody and names them as approver. */
  async nameApprover(name: string): Promise<void> {
    await expectLive(this.page);
    await this.page.getByRole('searchbox', { name: 'Find approvers' }).fill(name.split(' ')[0]!);
    await this.page.getByRole('checkbox', { name }).check();
  }

  get bar() {
    return this.page.locator('.save-bar');
  }

  async save(): Promise<void> {
    await this.button('Save').click();
  }
}
