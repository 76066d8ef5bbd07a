// Ids of 24 lowercase hex digits in the ObjectId layout, so that records of existing deployments keep theirs.
import { ObjectId } from 'bson';

export const newId = () => new ObjectId().toHexString();
