import { expect, test } from '../support/test.ts';

test('a started server says that it is well', async ({ request }) => {
  const answer = await request.get('/healthz');
  expect(answer.status()).toBe(200);
});
