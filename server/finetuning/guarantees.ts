// What a provider guarantees, as data. An adapter declares it, `decide` reads it, and the truth table of cancel
// (docs/providers.md) is made of it: nothing else knows one provider from another.

export type Guarantees = {
  /**
   * When a job begins. `at_create`: with the create. `held`: the create makes a job that waits, and a mutation of its
   * own releases it; one that was never released has never trained.
   */
  start: 'at_create' | 'held';
  /**
   * How a run is stopped. `cancel`: a cancel that the engine shows as carried out stays so.
   * `fence_then_cancel`: the engine can forget what it has acknowledged, so the training file goes first, and a stop is
   * proven when it is gone and the engine shows the job as cancelled. Such an engine must start jobs `held`: one that
   * begins with its create could train and be forgotten before anybody has seen it.
   */
  stop: 'cancel' | 'fence_then_cancel';
  /**
   * What makes a create harmless that is executed late. `file`: without its training file it never trains. `none`: nothing
   * does, so that it has to be assumed that a create is executed within a settle window or never. An engine that forgets
   * must have one.
   */
  fence: 'file' | 'none';
  /**
   * Who names a job; a create without an answer has to be searched for all the same. `assigned`: the provider does.
   * `named`: we do, and a name is given once, so that a create that is delivered twice makes one job. "That name is taken"
   * is then no refusal: it may be our job that has it.
   */
  identity: 'assigned' | 'named';
  /** What of ours a job carries, by which it is found and told from others'. */
  tag: 'metadata' | 'name_and_comment' | 'suffix_and_file';
  cancel: {
    /** It is answered before it has taken effect. */
    asynchronous: boolean;
    /** A job may finish in spite of it. Null: nobody says. */
    may_finish_anyway: boolean | null;
    /** The provider goes on to show the job afterwards. Null: nobody says. */
    keeps_record: boolean | null;
    /** What is paid for a run that is cancelled, in a sentence. */
    billed: string;
  };
  /** What all of this was held against, and when. */
  verified: { against: 'real engine' | 'live account' | 'emulator' | 'document'; on: string; note: string };
};

/** All that a decision may depend on. */
export type Protocol = Pick<Guarantees, 'start' | 'stop' | 'fence'>;

/** Of a provider that is not configured nothing is asked, whatever it guarantees. */
export const protocolOf = (provider: { guarantees: Guarantees } | null): Protocol =>
  provider?.guarantees ?? { start: 'at_create', stop: 'cancel', fence: 'file' };
