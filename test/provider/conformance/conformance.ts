// What every adapter must do, whatever it speaks to. What it promises by its guarantees is held against its world.
import { describe } from 'vitest';
import { cancels } from './cancels.ts';
import { creates } from './creates.ts';
import { looks } from './looks.ts';
import { lostAnswers } from './lost-answers.ts';
import type { Subject } from './world.ts';

export function conformance(subject: Subject): void {
  describe(`provider ${subject.name}`, () => {
    creates(subject);
    looks(subject);
    cancels(subject);
    lostAnswers(subject);
  });
}
