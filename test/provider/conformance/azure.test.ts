// The conformance suite on the sandbox as Azure, by key and by token; each answer held against the published API.
import { openAiAdapter } from '../../../server/provider/openai/adapter.ts';
import { azureProvider } from '../../../server/provider/openai/azure.ts';
import { entraToken } from '../../../server/provider/openai/entra.ts';
import { guaranteesOf } from '../../../server/provider/openai/profile.ts';
import { azureProfile } from '../../../server/provider/openai/profiles.ts';
import { AZURE_KEY, azurePersonality, ENTRA_TOKEN } from '../personality/azure.ts';
import { serveAs } from '../personality/front.ts';
import { conformance } from './conformance.ts';
import { CONNECTION, SANDBOX_STATES, sandboxWorld } from './sandbox-world.ts';

const subject = {
  guarantees: guaranteesOf(azureProfile),
  states: SANDBOX_STATES,
  endings: ['succeeded', 'failed'],
} as const;

conformance({
  ...subject,
  name: 'azure, with a key',
  open: () =>
    sandboxWorld('gpt-4.1-mini', async (sandbox, resources) => {
      const { url } = resources.use(await serveAs(azurePersonality, sandbox));
      const endpoint = new URL(url).origin;
      return azureProvider({ ...CONNECTION, name: 'azure', endpoint, apiKey: AZURE_KEY });
    }),
});

conformance({
  ...subject,
  name: 'azure, with a token',
  open: () =>
    sandboxWorld('gpt-4.1-mini', async (sandbox, resources) => {
      const { url } = resources.use(await serveAs(azurePersonality, sandbox));
      const credential = entraToken(async () => ({ getToken: async () => ({ token: ENTRA_TOKEN }) }));
      const connection = { name: 'azure', baseUrl: url, credential };
      return openAiAdapter({ ...CONNECTION, connection, profile: azureProfile, account: null, sandbox: false });
    }),
});
