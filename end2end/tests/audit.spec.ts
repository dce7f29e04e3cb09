// The record: everything that happened, found again, proved whole, and taken along.
import { AuditPage, Frame, OwnRecordPage } from '../pages/index.ts';
import { administrator, enter, newPerson, type Person } from '../support/people.ts';
import { approve, approvedBy, ask, assign, builtIn, importRole, person } from '../support/roles.ts';
import type { Stint } from '../support/stint.ts';
import { expect, expectLive, test } from '../support/test.ts';

async function history(stint: Stint): Promise<{ marta: Person; kenji: Person; priya: Person }> {
  const marta = await administrator(stint);
  const [kenji, priya] = await Promise.all([
    newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' }),
    newPerson(stint, marta, { name: 'Priya Raman' }),
  ]);
  const role = await importRole(marta, 'exchange-administrator', approvedBy(priya));
  await assign(marta, role, person(kenji));
  await approve(priya, await ask(kenji, role, 'PT1H', 'Move the shared mailboxes'));
  return { marta, kenji, priya };
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('filters stand in the address, so that what one sees can be sent and gone back to', async ({ page, stint, open }) => {
      const { marta, kenji } = await history(stint);
      await enter(page.context(), stint, marta);
      const audit = new AuditPage(page);
      await audit.open();
      await audit.show('Person', 'Kenji Watanabe');
      await expect(page).toHaveURL(/[?&]who=Kenji/);
      await expect(audit.what.filter({ hasText: 'asked for Exchange Administrator' })).toBeVisible();
      await expect(audit.what.filter({ hasText: 'added Exchange Administrator' })).toHaveCount(0);
      await audit.show('Action', 'Asked for a role');
      await expect(page).toHaveURL(/kind=activation\.requested/);
      await expect(audit.rows).toHaveCount(1);
      await audit.see(/asked for Exchange Administrator/);
      await expect(audit.fact('Reason')).toContainText('Move the shared mailboxes');
      await expect(audit.fact('Seal')).toContainText(/([0-9a-f]{4} ){15}[0-9a-f]{4}/);

      const sent = new AuditPage(await open(marta));
      await sent.page.goto(page.url());
      await expect(sent.rows).toHaveCount(1);
      await expect(sent.fact('Reason')).toContainText('Move the shared mailboxes');

      await audit.open('?outcome=refused');
      await expect(audit.main).toContainText('No records');
      await expect(ask(kenji, { id: (await builtIn(marta, 'stint-auditor')).id, key: '', name: '' })).rejects.toThrow();
      await audit.open();
      await audit.search('Move the shared');
      await expect(audit.what.filter({ hasText: 'asked for Exchange Administrator' })).toBeVisible();
      await audit.open('?who=nobody');
      await expect(audit.main).toContainText('Nobody is called “nobody”');
    });

    test('the record is exported as a table and as lines, and that it was is on record', async ({ page, stint }) => {
      const { marta } = await history(stint);
      await enter(page.context(), stint, marta);
      const audit = new AuditPage(page);
      await audit.open('?who=Kenji Watanabe');
      const table = await audit.export('CSV');
      expect(table.name).toBe('stint-record.csv');
      const [head, ...lines] = table.text.trim().split(/\r?\n/);
      expect(head).toMatch(/^record,at,kind,outcome,.*,hash$/);
      expect(lines.length).toBeGreaterThan(2);
      expect(table.text).toContain('Move the shared mailboxes');
      expect(table.text).not.toContain('role.created');

      await audit.open();
      const all = await audit.export('JSON lines');
      expect(all.name).toBe('stint-record.jsonl');
      const records = all.text.trim().split('\n').map((line) => JSON.parse(line));
      expect(records.map(({ record }) => record.seq)).toEqual(records.map((_, at) => at + 1));
      expect(records.map(({ record }) => record.kind)).toContain('activation.approved');
      expect(records.every(({ hash }) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
      await audit.open();
      await expect(audit.what.filter({ hasText: 'exported the record' })).toHaveCount(2);
    });

    test('the chain of the record is verified in the page', async ({ page, stint }) => {
      const { marta } = await history(stint);
      await enter(page.context(), stint, marta);
      const audit = new AuditPage(page);
      await audit.open();
      await audit.verify();
      await expect(audit.seal).toContainText(/Chain verified up to record \d+/);
    });
  });
}

test('the record on the host says that it is whole', async ({ stint }) => {
  await history(stint);
  expect(await stint.command('audit', 'verify')).toMatch(/The record is whole up to \d+/);
});

test('new records appear by themselves', async ({ page, stint }) => {
  const { marta, kenji } = await history(stint);
  await enter(page.context(), stint, marta);
  const audit = new AuditPage(page);
  await audit.open();
  await expectLive(page);
  await kenji.api.post('/me/sessions/end-others');
  await marta.api.post('/groups', { name: 'Exchange Operators', description: '' });
  await expect(audit.what.filter({ hasText: 'created the group Exchange Operators' }).or(audit.what.filter({ hasText: 'Exchange Operators' })).first()).toBeVisible();
});

test('everybody sees their own record and nobody else’s', async ({ page, stint }) => {
  const { kenji } = await history(stint);
  await enter(page.context(), stint, kenji);
  const own = new OwnRecordPage(page);
  await own.open();
  await expect(own.heading).toHaveText('My record');
  await expect(own.rows.filter({ hasText: 'You asked for Exchange Administrator' })).toBeVisible();
  await expect(own.rows.filter({ hasText: 'Priya Raman approved Exchange Administrator for you' })).toBeVisible();
  await expect(own.rows.filter({ hasText: 'added Exchange Administrator' })).toHaveCount(0);
});

test('an auditor reads everything and changes nothing', async ({ page, stint }) => {
  const { marta, kenji } = await history(stint);
  const sofia = await newPerson(stint, marta, { name: 'Sofia Berg' });
  const until = new Date(Date.now() + 3600_000).toISOString();
  await assign(marta, await builtIn(marta, 'stint-auditor'), person(sofia), { kind: 'active', ends_at: until });
  const role = (await marta.api.get('/roles?search=exchange')).items[0].role;
  await enter(page.context(), stint, sofia);
  const [audit, frame] = [new AuditPage(page), new Frame(page)];
  await audit.open();
  await expect(audit.what.filter({ hasText: 'approved Exchange Administrator for Kenji Watanabe' })).toBeVisible();
  await page.goto(`/roles/${role.id}`);
  await expect(frame.row('Kenji Watanabe')).toBeVisible();
  await expect(frame.main.getByRole('link', { name: /^(Change|Remove|Add assignment)/ })).toHaveCount(0);
  await page.goto(`/roles/${role.id}/settings`);
  await expect(frame.fact('Approvers')).toContainText('Priya Raman');
  await expect(frame.button('Save')).toHaveCount(0);
  await page.goto(`/people/${kenji.id}`);
  await expect(frame.heading).toHaveText('Kenji Watanabe');
  await expect(frame.main.getByRole('link', { name: /^(Change|Disable)$/ })).toHaveCount(0);
});
