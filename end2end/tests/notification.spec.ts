// Messages: what goes out, and what an administrator sees of it.
import { MessagePage, OutboxPage } from '../pages/index.ts';
import { administrator, enter, newPerson } from '../support/people.ts';
import { approvedBy, ask, assign, importRole, person } from '../support/roles.ts';
import { expect, test } from '../support/test.ts';

const JONAS = { kind: 'guest', name: 'Jonas Ekberg', sign_in_name: 'jonas', addresses: ['jonas@halden.example'] };

test.describe('without a mail server', () => {
  test.use({ settings: { STINT_SMTP_URL: undefined } });

  test('messages are kept, and an administrator reads them in the page, without secrets', async ({ page, stint }) => {
    const marta = await administrator(stint);
    const { link } = await marta.api.post('/people', JONAS);
    const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
    const role = await importRole(marta, 'exchange-administrator', approvedBy(kenji, marta));
    await assign(marta, role, person(kenji));
    await ask(kenji, role);
    await enter(page.context(), stint, marta);
    const [outbox, message] = [new OutboxPage(page), new MessagePage(page)];
    await outbox.open();
    await expect(outbox.strip('No mail server is set.')).toContainText(/\d+ messages wait/);
    await expect(outbox.rows.filter({ hasText: 'You asked for Exchange Administrator' })).toContainText('until a mail server is set');
    await outbox.see(/You asked for Exchange Administrator/);
    await expect(message.heading).toContainText('You asked for Exchange Administrator');
    await expect(message.fact('To')).toHaveText('kenji@halden.example');
    await expect(message.text).toContainText('Move the shared mailboxes');

    await outbox.open();
    await outbox.rows.filter({ hasText: 'jonas@halden.example' }).getByRole('link').click();
    await expect(message.heading).toContainText('Your invitation to Stint');
    await expect(message.text).not.toContainText(link.url.split('/').at(-1));
    expect(await page.content()).not.toContain(link.url.split('/').at(-1));
    expect(stint.log.match(/SMTP|mail server/gi)).toHaveLength(1);
  });
});

test('what was delivered is said so', async ({ page, stint }) => {
  const marta = await administrator(stint);
  await marta.api.post('/people', JONAS);
  await stint.mail.take('jonas@halden.example', /invitation/);
  await enter(page.context(), stint, marta);
  const outbox = new OutboxPage(page);
  await outbox.open();
  await expect(outbox.rows.filter({ hasText: 'Your invitation to Stint' })).toContainText('Delivered');
});

test('administrators are told what others get', async ({ stint }) => {
  const marta = await administrator(stint);
  const { version } = await marta.api.get(`/people/${marta.id}`);
  await marta.api.put(`/people/${marta.id}`, { kind: 'member', name: marta.name, addresses: ['marta@halden.example'], version });
  const kenji = await newPerson(stint, marta, { name: 'Kenji Watanabe', kind: 'guest' });
  const role = await importRole(marta, 'exchange-administrator', (settings) => {
    settings.activation.justification = 20;
  });
  await stint.mail.take('marta@halden.example', /The settings of Exchange Administrator changed/);
  await assign(marta, role, person(kenji));
  await stint.mail.take('marta@halden.example', /Kenji Watanabe is eligible for Exchange Administrator/);
  await ask(kenji, role);
  await stint.mail.take('marta@halden.example', /Kenji Watanabe holds Exchange Administrator until/);
});
