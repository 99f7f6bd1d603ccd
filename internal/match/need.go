package match

import (
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// How long a need's text may be, in characters.
const (
	ShortestText = 8
	LongestText  = 4000
)

// Need is what a firm looks for, in its own words.
type Need struct {
	ID           string  `db:"id"`
	Org          string  `db:"org"`    // whose need it is
	Person       string  `db:"person"` // who wrote it
	Region       string  `db:"region"` // where it arises, six digits
	Text         string  `db:"text"`
	Confidential bool    `db:"confidential"` // others see only its field and region
	Topics       string  `db:"topics"`       // fields it touches, found when it was published: classes of its candidates, separated by "、"
	State        string  `db:"state"`
	Revision     int64   `db:"revision"`
	Listed       bool    `db:"listed"`       // stands in the public list
	CreatedOn    string  `db:"created_on"`   // civil day
	PublishedOn  string  `db:"published_on"` // civil day, '' while a draft
	ClosedOn     string  `db:"closed_on"`    // civil day, '' until closed
	Outcome      string  `db:"outcome"`      // one of the outcomes, '' until closed
	Sample       bool    `db:"sample"`       // invented, shown as 示例
	Digest       string  `db:"digest"`       // of the request that made it
	CreatedAt    db.Time `db:"created_at"`
	UpdatedAt    db.Time `db:"updated_at"`
}

// Title is the first sentence of the need, at most 40 characters.
func (n Need) Title() string { return firstSentence(n.Text, 40) }

func firstSentence(text string, most int) string {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, "。！？\n；;"); i > 0 { //i18n:data ends of a sentence
		text = text[:i]
	}
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// Proposal is a candidate on record: shown, invited or offered, and what was decided about it. Every
// decision keeps place and score as they were shown, so that ranking can be learned from it.
type Proposal struct {
	Need       string  `db:"need"`
	Resource   string  `db:"resource"`
	Kind       string  `db:"kind"`  // of the resource
	Owner      string  `db:"owner"` // its organisation
	Name       string  `db:"name"`  // its name when it was put on record
	State      string  `db:"state"` // Proposed, Accepted, Declined
	Origin     string  `db:"origin"`
	Place      int64   `db:"place"`  // 1 = first of its group; 0 = was not among the candidates
	Score      int64   `db:"score"`  // thousandths
	Reason     string  `db:"reason"` // code of the decline
	Note       string  `db:"note"`   // words of the one who invited, offered or declined
	ProposedAt db.Time `db:"proposed_at"`
	DecidedOn  string  `db:"decided_on"` // civil day, '' until decided
}

// The states of a Proposal.
const (
	Proposed = "proposed"
	Accepted = "accepted"
	Declined = "declined"
)

// Where a Proposal comes from.
const (
	OriginRanked   = "ranked"   // the platform found it
	OriginInvited  = "invited"  // the firm or a broker invited its owner
	OriginResponse = "response" // its owner answered the need
)

// Step is one line of a need's history.
type Step struct {
	ID       string  `db:"id"`
	Need     string  `db:"need"`
	At       db.Time `db:"at"`
	Day      string  `db:"day"` // civil day
	Side     string  `db:"side"`
	Person   string  `db:"person"`
	Org      string  `db:"org"`
	Verb     string  `db:"verb"`
	From     string  `db:"from_state"`
	To       string  `db:"to_state"`
	Resource string  `db:"resource"` // the candidate it is about, or ''
	Code     string  `db:"code"`     // of a decline or an outcome
	Note     string  `db:"note"`
	Digest   string  `db:"digest"` // of the request
}

// checkText says what is wrong with a need's text, or nil.
func checkText(text string) *fault.Error {
	n := utf8.RuneCountInString(strings.TrimSpace(text))
	switch {
	case n == 0:
		return invalidText("required", "请用自己的话写下您的需求。")
	case n < ShortestText:
		return invalidText("too-short", "再多写几个字：要做什么、对什么材料或产品、希望得到什么结果。")
	case n > LongestText:
		return invalidText("too-long", "请控制在 {0} 字以内，现为 {1} 字。", LongestText, n)
	}
	return nil
}

func invalidText(code, text string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "need-text", "请补充需求内容后再提交。").Field("text", code, text, args...)
}
