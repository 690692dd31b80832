import { z } from 'zod';

/** Who asks for something: the audit trail keeps it, and people read it. */
export const whoSchema = z
  .string()
  .regex(
    /^(?=.*\S)[^\p{Cc}\p{Cs}]{1,200}$/u,
    'expected 1 to 200 characters that are not all blank, none of them a control character',
  );
