// The conformance suite on the sandbox as Nebius, each question and answer held against what is documented of it.
import { compatibleProvider, profiles } from '../../../server/provider/openai/compatible.ts';
import { guaranteesOf } from '../../../server/provider/openai/profile.ts';
import { serveAs } from '../personality/front.ts';
import { NEBIUS_MODEL, nebiusPersonality } from '../personality/nebius.ts';
import { conformance } from './conformance.ts';
import { CONNECTION, SANDBOX_STATES, sandboxWorld } from './sandbox-world.ts';

const { nebius: profile } = profiles;
if (!profile) throw new Error('Nebius is not known by name');

conformance({
  name: 'nebius',
  guarantees: guaranteesOf(profile),
  states: SANDBOX_STATES,
  endings: ['succeeded', 'failed'],
  open: () =>
    sandboxWorld(NEBIUS_MODEL, async (sandbox, resources) => {
      const { url } = resources.use(await serveAs(nebiusPersonality, sandbox));
      return compatibleProvider({
        ...CONNECTION,
        name: 'nebius',
        apiKey: 'sandbox',
        baseUrl: url,
        profile,
      });
    }),
});
