// What the database connection routes take: the contract's fields, and those of the original service, which are ignored.
import { createInput, updateInput } from '../../finetuning/contract/db-connections.ts';
import { ignoredField } from '../fields/ignored-field.ts';

const NO_DATABASE = 'goldtune never connects to the database, and stores no address and no credentials';
const unconnected = () => ignoredField(NO_DATABASE);

/** Secrets among them: none of it is stored or logged. */
const published = {
  connection_uri: ignoredField(`${NO_DATABASE}; name its SQL in dialect`),
  uri: unconnected(),
  use_ssh: unconnected(),
  ssh_settings: unconnected(),
  path_to_credentials_file: unconnected(),
  bigquery_credential_file_content: unconnected(),
  sqlite_file_path: unconnected(),
  file_storage: unconnected(),
  llm_api_key: ignoredField(
    'the key of the model provider is a setting of the server, OPENAI_API_KEY; this one is not stored',
  ),
  schemas: ignoredField('put the schema text that goes into the prompt into schema_sql'),
  id: ignoredField('the server gives it'),
  created_at: ignoredField('the server gives it'),
};

export const restCreateInput = createInput.extend(published).meta({ ...createInput.meta() });
export const restUpdateInput = updateInput.extend(published).meta({ ...updateInput.meta() });
