// Whole runs through slurmrestd on a Unix socket, which takes whoever speaks there for itself: goldtune, slurmrestd and
// the jobs are one user, and none of them is root.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../examples/slurm/local/cluster.ts';
import { SCRATCH } from '../scratch.ts';
import { shutToOthers } from './open-to-others.ts';
import { give, openRuns } from './run-world.ts';
import { describeOnSlurm } from './stage.ts';

/** `nobody`, by number. */
const USER = { uid: 65_534, gid: 65_534 };

describeOnSlurm(
  'a run through a socket',
  () => {
    let resources: AsyncDisposableStack;
    let cluster: Cluster;
    let runs: Awaited<ReturnType<typeof openRuns>>;

    beforeEach(async () => {
      resources = new AsyncDisposableStack();
      cluster = resources.use(await startCluster({ parent: SCRATCH, socket: true }));
      give(cluster.shared, USER.uid, USER.gid);
      runs = resources.use(await openRuns(cluster, { user: USER, env: {} }));
    });
    afterEach(() => resources.disposeAsync());

    test('trains once, as the user of the socket', async () => {
      const id = await runs.create(2);
      await runs.reached(id, 'succeeded');
      await runs.hasTrainedOnce(id, 2);
      expect(await cluster.scontrol('show', 'job')).toContain(`UserId=${cluster.user}(${USER.uid})`);
    });

    test('is stopped while it trains, though the controller is killed as it has answered', async () => {
      const id = await runs.create(50);
      await runs.trains(id);
      const cancelling = runs.trpc.finetunings.cancel.mutate({ id });
      await runs.said(id, 'cancel_answered');
      await cluster.crash();
      await cancelling;
      await runs.isStopped(id);
    });
  },
  shutToOthers(),
);
