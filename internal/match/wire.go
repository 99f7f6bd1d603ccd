package match

import (
	"cmp"
	"context"
	"strings"

	"qiao/internal/platform/money"
	"qiao/internal/platform/state"
)

type needJSON struct {
	ID           string       `json:"id"`
	State        string       `json:"state" doc:"draft, published, matched, agreed or closed"`
	Title        string       `json:"title"`
	Text         string       `json:"text,omitempty" doc:"As far as you may see it: whole, without contacts and names, or not at all"`
	Masked       bool         `json:"masked" doc:"Confidential: only field and region are shown"`
	Confidential bool         `json:"confidential"`
	Listed       bool         `json:"listed" doc:"Stands in the public list"`
	Region       string       `json:"region"`
	Place        string       `json:"place"`
	Organisation string       `json:"organisation,omitempty" doc:"Id of the firm, where you may see it"`
	Topics       []string     `json:"topics" doc:"Fields it touches, found when it was published"`
	Facts        []Fact       `json:"facts" doc:"Hard facts read out of the text"`
	PublishedOn  string       `json:"published_on,omitempty"`
	ClosedOn     string       `json:"closed_on,omitempty"`
	Outcome      string       `json:"outcome,omitempty"`
	Sample       bool         `json:"sample"`
	Verbs        []string     `json:"verbs,omitempty" doc:"What you may do now"`
	Timeline     []momentJSON `json:"timeline,omitempty"`
}

type momentJSON struct {
	At       string `json:"at"`
	Actor    string `json:"actor" doc:"Name of the organisation"`
	Verb     string `json:"verb"`
	From     string `json:"from"`
	To       string `json:"to"`
	Resource string `json:"resource,omitempty"`
	Code     string `json:"code,omitempty"`
	Note     string `json:"note,omitempty"`
}

type candidateJSON struct {
	Resource   resourceJSON `json:"resource"`
	Group      string       `json:"group" doc:"instrument, service or expert"`
	Score      float64      `json:"score" doc:"0 to 1, comparable within a need"`
	State      string       `json:"state" doc:"proposed, accepted or declined"`
	Origin     string       `json:"origin" doc:"ranked, invited or response"`
	Reasons    []remarkJSON `json:"reasons"`
	Gaps       []remarkJSON `json:"gaps"`
	Order      string       `json:"order,omitempty" doc:"Page that starts an order for this need, once accepted"`
	Note       string       `json:"note,omitempty" doc:"What its owner answered, or why it was declined"`
	DecidedOn  string       `json:"decided_on,omitempty"`
	DeclinedAs string       `json:"declined_as,omitempty" doc:"Code of the reason"`
}

type resourceJSON struct {
	ID       string      `json:"id"`
	Kind     string      `json:"kind"`
	Name     string      `json:"name"`
	NameEN   string      `json:"name_en,omitempty"`
	Owner    string      `json:"owner"`
	Region   string      `json:"region"`
	Price    *amountJSON `json:"price,omitempty"`
	Voucher  bool        `json:"voucher"`
	Bookable bool        `json:"bookable"`
	FreeOn   string      `json:"free_on,omitempty" doc:"First civil day with a free slot"`
	Sample   bool        `json:"sample"`
}

type amountJSON struct {
	Amount   money.Fen `json:"amount" doc:"In fen"`
	Currency string    `json:"currency"`
	Unit     string    `json:"unit"`
}

type remarkJSON struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

func wireNeed(ctx context.Context, v Shown, moves []state.Step, timeline []momentJSON) needJSON {
	n := v.Need
	out := needJSON{
		ID: n.ID, State: n.State, Title: v.title(ctx), Text: n.Text, Masked: v.Masked, Confidential: n.Confidential, Listed: n.Listed, Region: n.Region,
		Place: v.Place, Topics: []string{}, Facts: append([]Fact{}, v.Facts...), PublishedOn: n.PublishedOn, ClosedOn: n.ClosedOn, Outcome: n.Outcome,
		Sample: n.Sample, Timeline: timeline,
	}
	if n.Topics != "" {
		out.Topics = strings.Split(n.Topics, "、") //i18n:data as topics are joined
	}
	if v.Full {
		out.Organisation = n.Org
	}
	for _, m := range moves {
		out.Verbs = append(out.Verbs, m.Verb)
	}
	return out
}

// timeline is the history for programs; only those who see the whole need have one.
func (v needView) timeline() []momentJSON {
	var out []momentJSON
	for _, st := range v.Steps {
		out = append(out, momentJSON{
			At: st.At.UTC().Format("2006-01-02T15:04:05.000Z"), Actor: v.Actors[st.Org], Verb: st.Verb, From: st.From, To: st.To, Resource: st.Resource,
			Code: st.Code, Note: st.Note,
		})
	}
	return out
}

func wireCandidate(ctx context.Context, c Candidate) candidateJSON {
	one := c.Supply
	out := candidateJSON{
		Resource: resourceJSON{ID: one.ID, Kind: one.Kind, Name: one.Name(), NameEN: one.NameEN, Owner: one.Owner, Region: one.Region,
			Voucher: one.Voucher, Bookable: one.Bookable, FreeOn: one.FreeOn, Sample: one.Sample},
		Group: c.Group, Score: c.Score, State: c.Proposal.State, Origin: c.Proposal.Origin, Reasons: wireRemarks(ctx, c.Reasons),
		Gaps: wireRemarks(ctx, c.Gaps), Note: c.Proposal.Note, DecidedOn: c.Proposal.DecidedOn, DeclinedAs: c.Proposal.Reason,
	}
	if one.Priced {
		out.Resource.Price = &amountJSON{one.Price, cmp.Or(one.Currency, "CNY"), one.Unit}
	}
	if c.Proposal.State == Accepted {
		out.Order, _ = orderLink(ctx, c)
	}
	return out
}

func wireRemarks(ctx context.Context, list []Remark) []remarkJSON {
	out := make([]remarkJSON, 0, len(list))
	for _, r := range list {
		out = append(out, remarkJSON{r.Code, r.Say(ctx)})
	}
	return out
}
