package match

import "qiao/internal/platform/state"

// The states of a need.
const (
	Draft     = "draft"     // only its firm sees it
	Published = "published" // candidates are proposed, suppliers may answer
	Matched   = "matched"   // the firm has accepted at least one
	Agreed    = "agreed"    // an agreement is signed
	Closed    = "closed"
)

// States lists them in the order of a need's life.
func States() []string { return []string{Draft, Published, Matched, Agreed, Closed} }

// The sides of a need.
const (
	Firm     = "firm"     // whose need it is
	Provider = "provider" // owner of a resource that could answer it
	Broker   = "broker"   // intermediary that helps both
)

// The verbs.
const (
	VerbPublish  = "publish"
	VerbInvite   = "invite"
	VerbRespond  = "respond"
	VerbAccept   = "accept"
	VerbDecline  = "decline"
	VerbMeet     = "meet"
	VerbAgree    = "agree"
	VerbFollowUp = "follow-up"
	VerbClose    = "close"
)

// Table is every move of a need. Accepting from a draft publishes it without listing it: an accepted need
// is a published one in every figure.
func Table() state.Table {
	firm, broker := []string{Firm}, []string{Firm, Broker}
	t := state.Table{
		{From: Draft, Verb: VerbPublish, To: Published, Who: firm},
		{From: Draft, Verb: VerbAccept, To: Matched, Who: firm},
		{From: Draft, Verb: VerbDecline, To: Draft, Who: firm},
		{From: Draft, Verb: VerbClose, To: Closed, Who: firm},
		{From: Published, Verb: VerbAccept, To: Matched, Who: firm},
		{From: Matched, Verb: VerbPublish, To: Matched, Who: firm},
		{From: Matched, Verb: VerbAccept, To: Matched, Who: firm},
		{From: Matched, Verb: VerbAgree, To: Agreed, Who: firm},
		{From: Agreed, Verb: VerbFollowUp, To: Agreed, Who: []string{Firm, Broker, Provider}},
		{From: Agreed, Verb: VerbClose, To: Closed, Who: firm},
	}
	for _, s := range []string{Published, Matched} {
		t = append(t,
			state.Step{From: s, Verb: VerbInvite, To: s, Who: broker},
			state.Step{From: s, Verb: VerbRespond, To: s, Who: []string{Provider}},
			state.Step{From: s, Verb: VerbDecline, To: s, Who: firm},
			state.Step{From: s, Verb: VerbMeet, To: s, Who: []string{Firm, Broker, Provider}},
			state.Step{From: s, Verb: VerbClose, To: Closed, Who: firm})
	}
	return t
}

// The outcomes of a closed need: "nothing acceptable was offered" and "it failed" are different things.
const (
	OutcomeDone      = "done"      // carried out and accepted
	OutcomeElsewhere = "elsewhere" // solved outside the platform
	OutcomeNoOffer   = "no-offer"  // nothing acceptable was offered
	OutcomeFailed    = "failed"    // begun, and it failed
	OutcomeInvalid   = "invalid"   // no valid need: it leaves every figure
)

// Choice is a code with its Chinese words.
type Choice struct{ Code, Text string }

// Outcomes lists what a need may be closed with from a state.
func Outcomes(from string) []Choice {
	all := []Choice{
		{OutcomeDone, "已完成并验收"}, {OutcomeFailed, "已开展但没有成功"}, {OutcomeElsewhere, "已通过其他途径解决"},
		{OutcomeNoOffer, "没有合适的供给"}, {OutcomeInvalid, "发布有误，作废"},
	}
	if from == Agreed {
		return all[:2]
	}
	return all[2:]
}

// Declines lists the reasons for declining a candidate; they are kept for improving the ranking.
func Declines() []Choice {
	return []Choice{
		{"not-relevant", "与需求不相关"}, {"not-capable", "能力或指标达不到"}, {"too-dear", "价格不合适"},
		{"too-late", "时间来不及"}, {"too-far", "地点太远"}, {"no-certificate", "缺少所需资质"},
		{"no-answer", "联系不上对方"}, {"other", "其他原因"},
	}
}

func wordsOf(choices []Choice, code string) (string, bool) {
	for _, c := range choices {
		if c.Code == code {
			return c.Text, true
		}
	}
	return "", false
}
