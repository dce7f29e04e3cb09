// The page objects: one file a page, named like the page's noun. A journey never names a selector itself.
export { AccountPage } from './account.ts';
export { LinkPage } from './link.ts';
export { CodePage, SignInPage } from './sign-in.ts';
