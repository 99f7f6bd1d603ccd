// Package observe lets a buyer watch an experiment from afar: a plan of short sessions that the provider offers and the buyer
// agrees to, a live picture from the laboratory or a meeting elsewhere, and what both write down meanwhile.
//
// A session's door opens some minutes before it and closes some minutes after it; both stand in the session. Within that time,
// and while nobody has ended or cancelled it, the parties' people and those they named may come in. Everybody is asked again
// each second while they are in: who is no longer let in is shown out. Watchers are asked for no camera and no microphone;
// they speak only where the provider permits it and they choose to. Notes and pictures are what people keep; the laboratory's
// picture is recorded only while both sides agree to it, in stretches of two minutes, and never what watchers say.
//
// The picture itself is carried by observe/relay, which knows nothing of orders and people.
//
// Invariants (checked by Verify): a plan that was not agreed to has no sessions; a session's times are in their order;
// nothing was recorded while a side did not agree.
//
// Tables: observe_plan, observe_session, observe_note, observe_visit, observe_guest, observe_barred, observe_consent,
// observe_tape.
//
// Events: Planned, Live, Called.
package observe

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
