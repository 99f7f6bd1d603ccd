package order

import (
	"context"
	"time"

	"qiao/internal/identity"
	"qiao/internal/milestone"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
)

// The shapes of the API, apart from the types inside.
type (
	orderFile struct {
		Name    string `json:"name" maxLength:"200"`
		Content []byte `json:"content" doc:"The file in base64"`
	}
	orderPlace struct {
		Kind          string            `json:"kind" enum:"booking,commission"`
		Resource      string            `json:"resource"`
		Start         time.Time         `json:"start,omitzero" doc:"booking: start of the first slot"`
		End           time.Time         `json:"end,omitzero" doc:"booking: end of the last slot"`
		Quantity      int64             `json:"quantity,omitempty" doc:"Samples, pieces or batches; 1 when missing"`
		Line          string            `json:"line,omitempty" doc:"Id of a price line of the resource; the one that fits best when missing"`
		Purpose       string            `json:"purpose,omitempty" doc:"commission: what is wanted"`
		Samples       string            `json:"samples,omitempty"`
		CustomsUse    string            `json:"customs_use,omitempty" enum:"research,development,teaching" doc:"Where the instrument is under customs supervision: which of its permitted purposes the order is for; another is refused"`
		AddOns        map[string]int64  `json:"add_ons,omitempty" doc:"Add-ons of the resource's price plan: id and how many"`
		Answers       map[string]string `json:"answers,omitempty" doc:"What is declared, where a condition asks for it (GET /resources/{id}/gates): hazard, biosafety, ethics, genetics"`
		Need          string            `json:"need,omitempty" doc:"Id of the need that this order answers"`
		Programme     string            `json:"voucher_programme,omitempty"`
		Programmes    []string          `json:"voucher_programmes,omitempty" doc:"Several programmes that pay together, the first before the others; each must accept the others"`
		Way           string            `json:"voucher_way,omitempty" enum:"direct,refund" doc:"direct: the vouchers pay the provider; refund: you pay the whole price and your region repays the vouchers' part. As the programme usually does when missing"`
		Fund          string            `json:"fund,omitempty" doc:"Id of a fund card or prepaid account that pays your own part"`
		VoucherAmount *int64            `json:"voucher_amount,omitempty" doc:"The voucher's part you agree to, in fen, when it may be less than its full share"`
		Files         []orderFile       `json:"files,omitempty"`
	}
	orderAmount struct {
		Amount   money.Fen `json:"amount" doc:"In fen, the hundredth of a yuan"`
		Currency string    `json:"currency"`
	}
	orderVoucher struct {
		Amount    money.Fen          `json:"amount" doc:"What vouchers pay at once"`
		Programme string             `json:"programme,omitempty" doc:"The first of the parts"`
		Repaid    money.Fen          `json:"repaid,omitempty" doc:"Of your own part: what your region repays after confirmation and payment"`
		Held      bool               `json:"held" doc:"Held, or used after confirmation"`
		Parts     []orderVoucherPart `json:"parts,omitempty" doc:"What each programme pays"`
	}
	orderVoucherPart struct {
		Programme string    `json:"programme"`
		Way       string    `json:"way" doc:"direct or refund"`
		Amount    money.Fen `json:"amount"`
	}
	orderLine struct {
		Kind       string    `json:"kind" doc:"use, base, least, add-on, discount, overtime, cancel or no-show; the amount of a discount is negative"`
		Period     string    `json:"period,omitempty" doc:"The time of day or week whose price it is"`
		Text       string    `json:"text,omitempty"`
		Unit       string    `json:"unit"`
		UnitAmount money.Fen `json:"unit_amount"`
		Count      int64     `json:"count" doc:"count ÷ per is the quantity in unit"`
		Per        int64     `json:"per"`
		Minimum    int64     `json:"minimum,omitempty" doc:"The minimum that was charged"`
		Above      int64     `json:"above,omitempty" doc:"Units before this line begins, or that a flat fee covers"`
		Percent    int64     `json:"percent,omitempty" doc:"Of a discount or fee, in hundredths of a percent"`
		Amount     money.Fen `json:"amount"`
	}
	orderStep struct {
		At    time.Time `json:"at"`
		Actor string    `json:"actor" doc:"The organisation that acted; empty for the platform"`
		Side  string    `json:"side"`
		Verb  string    `json:"verb"`
		From  string    `json:"from"`
		To    string    `json:"to"`
		Note  string    `json:"note"`
	}
	orderDocument struct {
		ID     string    `json:"id"`
		Kind   string    `json:"kind"`
		Name   string    `json:"name"`
		SHA256 string    `json:"sha256"`
		Size   int64     `json:"size"`
		At     time.Time `json:"at"`
	}
	orderQuote struct {
		Version    int64     `json:"version"`
		Total      money.Fen `json:"total"`
		ValidUntil string    `json:"valid_until"`
		Note       string    `json:"note"`
		Tax        string    `json:"tax,omitempty"`
	}
	orderRating struct {
		Stars int64  `json:"stars"`
		Text  string `json:"text"`
		Reply string `json:"reply"`
	}
	orderOffer struct {
		Side  string    `json:"side"`
		Final money.Fen `json:"final" doc:"What the order would cost, in fen"`
		At    time.Time `json:"at"`
	}
	orderAnswer struct {
		ID         string           `json:"id"`
		Number     string           `json:"number"`
		Kind       string           `json:"kind"`
		State      string           `json:"state"`
		Buyer      string           `json:"buyer"`
		Provider   string           `json:"provider"`
		Resource   string           `json:"resource"`
		Need       string           `json:"need,omitempty"`
		Purpose    string           `json:"purpose,omitempty"`
		Samples    string           `json:"samples,omitempty"`
		Customs    string           `json:"customs_use,omitempty"`
		Quantity   int64            `json:"quantity"`
		Start      *time.Time       `json:"start,omitempty"`
		End        *time.Time       `json:"end,omitempty"`
		Priced     bool             `json:"priced" doc:"False until a quote names the price"`
		Price      orderAmount      `json:"price"`
		Voucher    orderVoucher     `json:"voucher"`
		Own        orderAmount      `json:"own"`
		Fund       string           `json:"fund,omitempty" doc:"The card that pays the own part"`
		Due        string           `json:"due,omitempty" doc:"Day by which the next step is expected"`
		Minutes    int64            `json:"minutes" doc:"Machine time logged"`
		Sample     bool             `json:"sample" doc:"Invented for the demo"`
		PlacedAt   time.Time        `json:"placed_at"`
		Lines      []orderLine      `json:"lines,omitempty"`
		Quotes     []orderQuote     `json:"quotes,omitempty"`
		Milestones []orderMilestone `json:"milestones,omitempty"`
		Documents  []orderDocument  `json:"documents,omitempty"`
		Rating     *orderRating     `json:"rating,omitempty"`
		Offer      *orderOffer      `json:"offer,omitempty" doc:"Of a dispute: what a side offers to settle for"`
		Verbs      []string         `json:"verbs,omitempty" doc:"What you may do now"`
		Timeline   []orderStep      `json:"timeline,omitempty"`
	}
	orderEstimate struct {
		Priced  bool         `json:"priced"`
		Price   orderAmount  `json:"price"`
		Voucher orderVoucher `json:"voucher"`
		Own     orderAmount  `json:"own"`
		Lines   []orderLine  `json:"lines"`
		Why     []string     `json:"why" doc:"How the voucher's part came about"`
	}
	orderQuoteLine struct {
		Text     string `json:"text"`
		Unit     string `json:"unit,omitempty" enum:"hour,sample,piece,batch,day,time"`
		Kind     string `json:"kind,omitempty" enum:"use,add-on,discount" doc:"use when missing; a discount takes its amount off, or its percent of what stands above it"`
		Amount   int64  `json:"amount,omitempty" doc:"Price of one, in fen; of a discount: what it takes off"`
		Quantity int64  `json:"quantity,omitempty" doc:"1 when missing"`
		Per      int64  `json:"per,omitempty" doc:"quantity ÷ per is how many: 3 and 2 is 1.5; 1 when missing"`
		Percent  int64  `json:"percent,omitempty" doc:"discount: hundredths of a percent, 500 is 5%"`
	}
	orderStage struct {
		Name        string `json:"name"`
		Deliverable string `json:"deliverable"`
		DueOn       string `json:"due_on" example:"2027-03-31"`
		Share       int64  `json:"share,omitempty" doc:"‰ of the price; or an amount"`
		Amount      int64  `json:"amount,omitempty" doc:"Fen, where no share is named"`
	}
	orderMilestone struct {
		ID          string    `json:"id"`
		Name        string    `json:"name"`
		Deliverable string    `json:"deliverable"`
		DueOn       string    `json:"due_on"`
		Amount      money.Fen `json:"amount"`
		State       string    `json:"state" enum:"planned,delivered,accepted"`
		Reason      string    `json:"reason,omitempty" doc:"Why it was sent back last"`
	}
	orderVerb struct {
		Note          string           `json:"note,omitempty" doc:"Reason, remark, review or reply"`
		Text          string           `json:"text,omitempty" doc:"The same as note"`
		At            string           `json:"at,omitempty" format:"date-time" doc:"start, stop: when it happened, at most 31 days ago; now when missing"`
		Lines         []orderQuoteLine `json:"lines,omitempty" doc:"quote: what it costs"`
		ValidUntil    string           `json:"valid_until,omitempty" doc:"quote: last day on which it may be accepted; renew: as many days as before when missing" example:"2026-12-31"`
		Milestones    []orderStage     `json:"milestones,omitempty" doc:"quote: stages of delivery and payment, to the whole price"`
		Milestone     string           `json:"milestone,omitempty" doc:"deliver, approve, send-back: its id; the only one it can be when missing"`
		Tax           string           `json:"tax,omitempty" doc:"quote: what tax is in it, in words"`
		Version       int64            `json:"version,omitempty" doc:"accept: the quote you saw; the newest when missing"`
		Programme     *string          `json:"voucher_programme,omitempty" doc:"accept: pay with this programme"`
		Programmes    []string         `json:"voucher_programmes,omitempty" doc:"accept: pay with these programmes together"`
		VoucherWay    string           `json:"voucher_way,omitempty" enum:"direct,refund" doc:"accept: by this way"`
		VoucherAmount *int64           `json:"voucher_amount,omitempty" doc:"accept: the voucher's part you agree to, in fen"`
		Fund          *string          `json:"fund,omitempty" doc:"accept: the card that pays your own part"`
		Stars         int64            `json:"stars,omitempty" doc:"rate: 1 to 5"`
		Files         []orderFile      `json:"files,omitempty" doc:"report: the documents; invoice: its file, an e-invoice's XML is read and compared; pay, refund: the evidence; dispute, redo, escalate, uphold, annul, offer, award: what shows it; sign: the stamped scan"`
		Start         time.Time        `json:"start,omitzero" doc:"move: the new start"`
		End           time.Time        `json:"end,omitzero" doc:"move: the new end"`
		Number        string           `json:"number,omitempty" doc:"invoice: its number, used once on the whole node; read from an e-invoice's XML when missing"`
		IssuedOn      string           `json:"issued_on,omitempty" doc:"invoice: civil day; as the XML says, or today when missing"`
		Amount        int64            `json:"amount,omitempty" doc:"invoice: tax included, in fen; as the XML says, or the whole price when missing. pay: what was received, in fen; what is left when missing"`
		PaidOn        string           `json:"paid_on,omitempty" doc:"pay, refund: civil day; today when missing"`
		Way           string           `json:"way,omitempty" doc:"pay, refund: transfer, card, cash or internal; transfer when missing"`
		Final         *int64           `json:"final,omitempty" doc:"offer, award: what the order is to cost, in fen; agree: the offer you saw"`
		SHA256        string           `json:"sha256,omitempty" doc:"sign: hash of the text you have read"`
		Seal          bool             `json:"seal,omitempty" doc:"sign: with your organisation's electronic seal, where the node has a provider of them"`
	}
)

func (b orderPlace) request(key string) PlaceRequest {
	return PlaceRequest{
		Kind: b.Kind, Resource: b.Resource, Start: b.Start, End: b.End, Quantity: b.Quantity, Line: b.Line, AddOns: b.AddOns, Fund: b.Fund, Purpose: b.Purpose,
		Samples: b.Samples, Use: b.CustomsUse, Answers: b.Answers, Need: b.Need, Programme: wished(b.Programme, b.Programmes, b.Way), Seen: fenOf(b.VoucherAmount), Files: uploads(b.Files), Key: key,
	}
}

func (b *orderVerb) request(key string) (VerbRequest, error) {
	if b == nil {
		return VerbRequest{Key: key}, nil
	}
	req := VerbRequest{
		Note: b.Note, Key: key, ValidUntil: b.ValidUntil, Tax: b.Tax, Milestone: b.Milestone, Version: b.Version, Programme: wishedOr(b.Programme, b.Programmes, b.VoucherWay), Fund: b.Fund, Seen: fenOf(b.VoucherAmount), Final: fenOf(b.Final),
		Stars: b.Stars, Files: uploads(b.Files), Start: b.Start, End: b.End, Number: b.Number, IssuedOn: b.IssuedOn, Amount: money.Fen(b.Amount), Hash: b.SHA256, Seal: b.Seal, PaidOn: b.PaidOn, Way: b.Way,
	}
	if req.Note == "" {
		req.Note = b.Text
	}
	if b.At != "" {
		at, err := time.Parse(time.RFC3339, b.At)
		if err != nil {
			return req, fault.New(fault.Invalid, "verb-invalid", "还差一点：请按提示补充。").
				Field("at", "time", "请填写日期和时间，例如 2026-11-21 09:30。").Because(err)
		}
		req.At = at
	}
	for _, m := range b.Milestones {
		req.Stages = append(req.Stages, milestone.Draft{Name: m.Name, Deliverable: m.Deliverable, DueOn: m.DueOn, Share: m.Share, Amount: money.Fen(m.Amount)})
	}
	for _, l := range b.Lines {
		line := Line{Kind: l.Kind, Text: l.Text, Unit: l.Unit, UnitAmount: money.Fen(l.Amount), Count: l.Quantity, Per: l.Per, Percent: l.Percent}
		if line.Unit == "" {
			line.Unit = "time"
		}
		if line.Count == 0 {
			line.Count = 1
		}
		req.Lines = append(req.Lines, line)
	}
	return req, nil
}

func orderOf(o Order) orderAnswer {
	out := orderAnswer{
		ID: o.ID, Number: o.Number, Kind: o.Kind, State: o.State, Buyer: o.Buyer, Provider: o.Provider, Resource: o.Resource, Need: o.Need,
		Purpose: o.Purpose, Samples: o.Samples, Customs: o.CustomsUse, Quantity: o.Quantity, Priced: o.Priced, Price: orderAmount{o.Price, o.Currency},
		Voucher: orderVoucher{o.Voucher, o.Programme, o.Repaid, o.Held, partsWire(o.Parts())}, Own: orderAmount{o.Own, o.Currency}, Fund: o.Fund, Due: o.Due, Minutes: o.Minutes,
		Sample: o.Sample, PlacedAt: o.PlacedAt.Time,
	}
	if !o.Start.IsZero() {
		out.Start, out.End = &o.Start.Time, &o.End.Time
	}
	return out
}

// fill adds what belongs to the order.
func (j *orderAnswer) fill(ctx context.Context, d Detail, orgs map[string]identity.Organisation) {
	j.Lines = linesOf(d.Current())
	for _, q := range d.Quotes {
		j.Quotes = append(j.Quotes, orderQuote{q.Version, q.Total, q.ValidUntil, q.Note, q.Tax})
	}
	for _, m := range d.Milestones {
		j.Milestones = append(j.Milestones, orderMilestone{m.ID, m.Name, m.Deliverable, m.DueOn, m.Amount, m.State, m.Reason})
	}
	for _, x := range d.Documents {
		j.Documents = append(j.Documents, orderDocument{x.ID, x.Kind, x.Name, x.SHA256, x.Size, x.At.Time})
	}
	if d.Rating != nil {
		j.Rating = &orderRating{d.Rating.Stars, d.Rating.Text, d.Rating.Reply}
	}
	if d.Offer != nil {
		j.Offer = &orderOffer{d.Offer.Side, d.Offer.Amount, d.Offer.At.Time}
	}
	for _, x := range d.Timeline {
		j.Timeline = append(j.Timeline, orderStep{x.At.Time, orgName(ctx, orgs[x.Org]), x.Side, x.Verb, x.From, x.To, x.Note})
	}
}

func linesOf(lines []Line) []orderLine {
	out := make([]orderLine, len(lines))
	for i, l := range lines {
		out[i] = orderLine{l.Kind, l.Period, l.Text, l.Unit, l.UnitAmount, l.Count, l.Per, l.Minimum, l.Above, l.Percent, l.Amount}
	}
	return out
}

func estimateOf(ctx context.Context, e Estimate) orderEstimate {
	out := orderEstimate{
		Priced: e.Price.Known, Price: orderAmount{e.Price.Total, e.Price.Currency}, Own: orderAmount{e.Own, e.Price.Currency},
		Voucher: estimatedVoucher(e), Lines: linesOf(e.Price.Lines), Why: []string{},
	}
	for _, l := range e.Split.Lines {
		out.Why = append(out.Why, l.In(ctx))
	}
	return out
}

// wished is what the body of a call wants to pay with, as PayWith writes it.
func wished(one string, several []string, way string) string {
	if len(several) == 0 && one != "" {
		several = []string{one}
	}
	return PayWith(several, way)
}

// wishedOr is wished; nil when the body says nothing of vouchers.
func wishedOr(one *string, several []string, way string) *string {
	if one == nil && len(several) == 0 {
		return nil
	}
	first := ""
	if one != nil {
		first = *one
	}
	text := wished(first, several, way)
	return &text
}

func partsWire(parts []Part) []orderVoucherPart {
	out := make([]orderVoucherPart, len(parts))
	for i, p := range parts {
		out[i] = orderVoucherPart(p)
	}
	return out
}

func estimatedVoucher(e Estimate) orderVoucher {
	parts := partsOf(e.Split, e.Request.Programme)
	out := orderVoucher{Amount: e.Voucher, Repaid: e.Repaid, Parts: partsWire(parts)}
	if len(parts) > 0 {
		out.Programme = parts[0].Programme
	}
	return out
}
