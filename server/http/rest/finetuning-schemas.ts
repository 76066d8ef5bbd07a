// What the finetuning routes take and give: the contract's schemas, and the names that REST adds to them.
import { z } from 'zod';
import { finetuningId, givenId } from '../../finetuning/contract/fields.ts';
import { createInput, type FinetuningView, finetuning } from '../../finetuning/contract/finetunings.ts';
import { ignoredField } from '../fields/ignored-field.ts';
import { warned } from '../fields/warnings.ts';

export const BASE = '/api/v1/finetunings';

export const byId = z.object({ finetuning_id: givenId(finetuningId) });

const alsoRecords = { description: 'Another name of golden_records, which published clients use.' };

export const restFinetuning = finetuning
  .extend({ golden_sqls: finetuning.shape.golden_records.meta(alsoRecords) })
  .meta({ ...finetuning.meta() });
export type RestFinetuning = z.infer<typeof restFinetuning>;

export const restCreateInput = createInput
  .extend({
    golden_sqls: createInput.shape.golden_records.meta(alsoRecords),
    schemas: ignoredField(
      "a run is trained on the schema text of its database connection, which is the connection's schema_sql",
    ),
  })
  .meta({ ...createInput.meta() });

/** What a create or a cancel answers, which may have ignored something. */
export const answeredFinetuning = restFinetuning.and(warned);

export const withSqls = (view: FinetuningView): RestFinetuning => ({ ...view, golden_sqls: view.golden_records });
