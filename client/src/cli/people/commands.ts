// `goldtune people …`: who is in the organization, and who is invited. A link is printed alone, so that it can be piped on.
import { Argument, type Command } from 'commander';
import type { Member } from '../../generated/router.ts';
import { explainIn, usual } from '../help.ts';
import { required } from '../options.ts';
import { hintAtMore, type Page, paged } from '../paging.ts';
import { openSession } from '../session.ts';
import { oneLine } from '../text.ts';
import { invitationTable, invitedText, peopleTable } from './people-text.ts';

type Role = Member['role'];
const roles: readonly Role[] = ['admin', 'member', 'operator', 'viewer'];
const LISTED = ['invalid', 'denied', 'unreachable'] as const;

export function addPeople(program: Command): void {
  const people = explainIn(program.command('people').description('who is in the organization, and who is invited'), [
    'goldtune people invite grace@example.com --role operator',
  ]);
  addInvitations(people);
  addMembers(people);
}

function addInvitations(people: Command): void {
  const invite = people
    .command('invite')
    .description('make a link by which somebody joins, and print it: this once, alone on stdout')
    .argument('<email>', 'whose it is');
  required(invite, '--role <role>', 'what they may do', (option) => option.choices(roles)).action(
    async (email: string, { role }: { role: Role }, command: Command) => {
      const { goldtune, show, aside } = openSession(command);
      const made = await goldtune.people.invite.mutate({ email, role });
      show(made, () => made.link);
      aside(invitedText(made));
    },
  );
  explainIn(invite, ['goldtune people invite grace@example.com --role operator'], LISTED);

  const list = people.command('invitations').description('list the open invitations, newest first');
  paged(list).action(async (page: Page, command: Command) => {
    const session = openSession(command);
    const { query } = session.goldtune.people.invitations;
    const found = await query(page);
    session.show(found, () => invitationTable(found, session.width));
    await hintAtMore(session, found, query);
  });
  explainIn(list, ['goldtune people invitations'], LISTED);

  const uninvite = people
    .command('uninvite')
    .description('let the link of an invitation open nothing from now on')
    .argument('<id>', 'of the invitation')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const revoked = await goldtune.people.revokeInvitation.mutate({ id });
      show(revoked, () => oneLine(`The invitation of ${revoked.email ?? id} opens nothing any more`));
    });
  explainIn(uninvite, ['goldtune people uninvite 6570a2a0eb4e22533dc45002'], usual);
}

function addMembers(people: Command): void {
  const list = people.command('list').description('list who is in the organization, newest first');
  paged(list).action(async (page: Page, command: Command) => {
    const session = openSession(command);
    const { query } = session.goldtune.people.list;
    const found = await query(page);
    session.show(found, () => peopleTable(found, session.width));
    await hintAtMore(session, found, query);
  });
  explainIn(list, ['goldtune people list'], LISTED);

  const role = people
    .command('set-role')
    .description('give somebody another role, from their next request on')
    .argument('<id>', 'of the person')
    .addArgument(new Argument('<role>', 'what they may do').choices(roles))
    .action(async (id: string, given: Role, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const changed = await goldtune.people.setRole.mutate({ id, role: given });
      show(changed, () => oneLine(`${changed.email} is ${changed.role} now`));
    });
  explainIn(role, ['goldtune people set-role 6570a2a0eb4e22533dc45001 member'], usual);

  const remove = people
    .command('delete')
    .description('take somebody out of the organization; keys that they have made stay')
    .argument('<id>', 'of the person')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const removed = await goldtune.people.remove.mutate({ id });
      show(removed, () => oneLine(`${removed.email} is not in the organization any more`));
    });
  explainIn(remove, ['goldtune people delete 6570a2a0eb4e22533dc45001'], usual);
}
