// The page objects: one file a page, named like the page's noun. A journey never names a selector itself.
export { AccountPage } from './account.ts';
export { AssignPage, AssignmentPage, AssignmentRemoveDialog } from './assignment.ts';
export { AuditPage, OwnRecordPage } from './audit.ts';
export { Frame } from './frame.ts';
export { GroupPage, GroupsPage, NewGroupPage } from './group.ts';
export { LinkPage } from './link.ts';
export { ActivateSheet, MyRolesPage } from './my-roles.ts';
export { MessagePage, OutboxPage } from './outbox.ts';
export { NewPersonPage, PeoplePage, PersonPage } from './person.ts';
export { ApprovalPage, ApprovalsPage, RequestPage, RequestsPage } from './request.ts';
export { RoleCreatePage, RoleImportPage, RolePage, RoleSettingsPage, RolesPage } from './role.ts';
export { CodePage, SignInPage } from './sign-in.ts';
