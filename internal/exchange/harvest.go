package exchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// arriving is a harvested record on its way into the catalogue.
type arriving struct {
	identifier string
	datestamp  string
	deleted    bool
	digest     string
	record     format.Record
	first      origin
	own        bool   // it came from here
	fault      *Fault // why it cannot be taken in
}

// read turns the records of a page into what the catalogue takes in, each on its own.
func (s *Service) read(src Source, p page) []arriving {
	out := make([]arriving, 0, len(p.Records))
	for _, r := range p.Records {
		a := arriving{identifier: strings.TrimSpace(r.Header.Identifier), datestamp: strings.TrimSpace(r.Header.Datestamp), deleted: r.Header.Status == "deleted", first: r.first()}
		for _, where := range append(r.origins(), a.identifier) {
			a.own = a.own || s.resourceOf(where) != ""
		}
		switch {
		case a.own:
		case a.identifier == "" || len(a.identifier) > 500:
			a.fault = &Fault{Code: "no-identifier", Text: "这条记录没有可用的标识符（identifier）。"}
		case !a.deleted:
			sum := sha256.Sum256(r.Metadata.Inner)
			a.digest = hex.EncodeToString(sum[:16])
			var err error
			if a.record, err = readMetadata(src.Prefix, r.Metadata.Inner); err != nil {
				a.fault = &Fault{Code: "unreadable", Text: "元数据无法读取：{0}", Args: args(err.Error())}
			} else {
				s.place(src, &a.record)
			}
		}
		if strings.HasPrefix(a.record.Link, s.Address+"/resources/") {
			a.own = true
		}
		out = append(out, a)
	}
	return out
}

// place says where a record belongs that does not say it itself.
func (s *Service) place(src Source, r *format.Record) {
	if !identity.ValidRegion(r.Owner.Region) {
		r.Owner.Region = src.Region
	}
	if !identity.ValidRegion(r.Region) {
		r.Region = r.Owner.Region
	}
	if r.Owner.NameZH == "" && r.Owner.NameEN == "" {
		r.Owner = owned(src.Name)
		r.Owner.Region = src.Region
	}
	if !identity.ValidROR(r.Owner.ROR) {
		r.Owner.ROR = ""
	}
	if r.Licence == "" {
		r.Licence = src.Licence
	}
}

func args(values ...any) string {
	b, err := json.Marshal(values)
	if err != nil { // texts always marshal
		return "[]"
	}
	return string(b)
}

// tally is what became of the records of a page.
type tally struct {
	added, updated, unchanged, removed, refused, own int64
	faults                                           []Fault
	effects                                          []effect
}

// effect is exchange_effect.
type effect struct {
	Run        string `db:"run"`
	Position   int64  `db:"position"`
	Resource   string `db:"resource"`
	Identifier string `db:"identifier"`
	Did        string `db:"did"`
	Revision   int64  `db:"revision"`
	Before     string `db:"before"`
}

// image is what stood before an effect.
type image struct {
	Resource *catalogue.Resource `json:"resource,omitempty"`
	Taken    *taken              `json:"taken,omitempty"`
}

// take writes the records of a page. A part that cannot be written is tried in halves, so that a record the database
// refuses costs only itself.
func (s *Service) take(ctx context.Context, src Source, run Run, list []arriving) (tally, error) {
	var out tally
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		out, err = s.takeTx(ctx, tx, src, run, list)
		return err
	})
	if err == nil || ctx.Err() != nil || len(list) == 0 {
		return out, err
	}
	if len(list) == 1 {
		f := Fault{Identifier: list[0].identifier, Code: "not-written", Text: "数据库没有接受这条记录：{0}", Args: args(publicText(err))}
		return tally{refused: 1, faults: []Fault{f}}, nil
	}
	a, err := s.take(ctx, src, run, list[:len(list)/2])
	if err != nil {
		return a, err
	}
	b, err := s.take(ctx, src, run, list[len(list)/2:])
	return a.plus(b), err
}

func publicText(err error) string {
	if f := fault.Of(err); f != nil && f.Text != "" {
		return f.Text
	}
	return err.Error()
}

func (t tally) plus(o tally) tally {
	return tally{
		t.added + o.added, t.updated + o.updated, t.unchanged + o.unchanged, t.removed + o.removed, t.refused + o.refused, t.own + o.own,
		append(t.faults, o.faults...), append(t.effects, o.effects...),
	}
}

// group are records of one owner and licence.
type group struct {
	org, licence string
	list         []*arriving
	known        []taken // beside list; zero where it is new
}

// takeTx writes records in the caller's transaction.
func (s *Service) takeTx(ctx context.Context, tx *db.Tx, src Source, run Run, list []arriving) (tally, error) {
	var out tally
	have, err := takenOf(ctx, tx, src.ID, list)
	if err != nil {
		return out, err
	}
	groups := map[[2]string]*group{}
	var order []*group
	owners := map[string]string{}
	for i := range list {
		a := &list[i]
		known, there := have[a.identifier]
		switch {
		case a.own:
			out.own++
			continue
		case a.fault != nil:
			a.fault.Identifier = a.identifier
			out.refused++
			out.faults = append(out.faults, *a.fault)
			continue
		case a.deleted && (!there || known.Deleted), there && !a.deleted && !known.Deleted && known.Digest == a.digest:
			out.unchanged++
			continue
		}
		org := known.Owner
		if !there {
			if org, err = s.owner(ctx, tx, src, a.record, owners); err != nil {
				return out, err
			}
		}
		key := [2]string{org, a.record.Licence}
		if groups[key] == nil {
			groups[key] = &group{org: org, licence: a.record.Licence}
			order = append(order, groups[key])
		}
		groups[key].list, groups[key].known = append(groups[key].list, a), append(groups[key].known, known)
	}
	for _, g := range order {
		if err := s.takeGroup(ctx, tx, src, run, g, &out); err != nil {
			return out, err
		}
	}
	return out, insertEffects(ctx, tx, run.ID, out.effects)
}

// owner is the organisation a new record belongs to: one that is known by the same public id, else an unclaimed one.
func (s *Service) owner(ctx context.Context, tx *db.Tx, src Source, r format.Record, known map[string]string) (string, error) {
	o := r.Owner
	key := o.ID
	if key == "" {
		key = o.ROR + "|" + kinds.Fold(o.NameZH+" "+o.NameEN)
	}
	if org, ok := known[key]; ok {
		return org, nil
	}
	kind := o.Kind
	if kind == "" {
		kind = "other"
	}
	org, _, err := s.Orgs.PutUnclaimed(ctx, tx, identity.Organisation{
		NameZH: o.NameZH, NameEN: o.NameEN, Region: o.Region, Kind: kind, Website: o.Website, Address: o.Address, ROR: o.ROR, Sample: o.Sample,
		Source: src.Label(), SourceID: key, Licence: r.Licence, RetrievedOn: s.today(),
	})
	if err != nil {
		return "", fmt.Errorf("write the owner of a harvested record: %w", err)
	}
	known[key] = org
	return org, nil
}

// takeGroup hands the records of one owner to the catalogue and notes what became of them.
func (s *Service) takeGroup(ctx context.Context, tx *db.Tx, src Source, run Run, g *group, out *tally) error {
	before, err := s.images(ctx, tx, g.known)
	if err != nil {
		return err
	}
	in := catalogue.Intake{Org: g.org, Source: src.Label(), Licence: g.licence, RetrievedOn: s.today(), Cause: run.ID, Verb: "harvest", Trusted: true}
	batch := make([]catalogue.Incoming, len(g.list))
	for i, a := range g.list {
		batch[i] = incoming(*a, g.known[i])
	}
	outcomes, err := s.Catalogue.TakeIn(ctx, identity.Subject{}, tx, in, batch)
	if err != nil {
		return fmt.Errorf("take in %d records: %w", len(batch), err)
	}
	var rows []taken
	for i, o := range outcomes {
		a, known := g.list[i], g.known[i]
		if o.Did == catalogue.Refused {
			out.refused++
			for _, p := range o.Problems {
				out.faults = append(out.faults, Fault{Identifier: a.identifier, Field: p.Field, Code: p.Code, Text: p.Text, Args: args(p.Args...)})
			}
			continue
		}
		row := taken{Source: src.ID, Identifier: a.identifier, Resource: o.Resource, Owner: g.org, Kind: batch[i].Kind, Datestamp: a.datestamp, Digest: a.digest, Deleted: a.deleted, FirstBase: a.first.Base, FirstID: a.first.Identifier}
		if row.FirstID == "" {
			row.FirstBase, row.FirstID = src.Address, a.identifier
		}
		rows = append(rows, row)
		switch o.Did {
		case catalogue.Added:
			out.added++
		case catalogue.Updated:
			out.updated++
		case catalogue.Removed:
			out.removed++
		default:
			out.unchanged++
			continue
		}
		img := image{Resource: before[o.Resource]}
		if known.Source != "" {
			img.Taken = &known
		}
		text, err := json.Marshal(img)
		if err != nil {
			return fmt.Errorf("keep what was before: %w", err)
		}
		out.effects = append(out.effects, effect{Run: run.ID, Resource: o.Resource, Identifier: a.identifier, Did: o.Did, Revision: o.Revision, Before: string(text)})
	}
	return putTaken(ctx, tx, rows)
}

// images are the resources as they stand before the harvest touches them.
func (s *Service) images(ctx context.Context, tx *db.Tx, known []taken) (map[string]*catalogue.Resource, error) {
	var ids []string
	for _, k := range known {
		if k.Resource != "" {
			ids = append(ids, k.Resource)
		}
	}
	list, err := s.Catalogue.AsTheyStand(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := map[string]*catalogue.Resource{}
	for i := range list {
		out[list[i].ID] = &list[i]
	}
	return out, nil
}

// incoming is a record as the catalogue takes it in. It says everything there is to say of the resource, and brings one
// back that we withdrew only because its source had deleted it.
func incoming(a arriving, known taken) catalogue.Incoming {
	if a.deleted {
		return catalogue.Incoming{Kind: known.Kind, Key: a.identifier, Deleted: true}
	}
	r := a.record
	in := catalogue.Incoming{Kind: r.Kind.Name, Key: a.identifier, Region: r.Region, Values: map[string]any{}, Free: &r.Free, Voucher: &r.Voucher, Booking: &r.Booking, Whole: true, Revive: known.Deleted}
	for _, f := range r.Kind.Fields {
		if v := r.Value(f.Name); v != nil && !f.Hidden {
			in.Values[f.Name] = v
		}
	}
	for _, x := range r.Access {
		for _, c := range kinds.AccessModes() {
			if c.Value == x {
				in.Access = append(in.Access, x)
			}
		}
	}
	in.Country, in.Languages, in.Identifiers = &r.Country, append([]string{}, r.Languages...), []catalogue.Identifier{}
	for _, x := range r.Identifiers {
		in.Identifiers = append(in.Identifiers, catalogue.Identifier(x))
	}
	for _, p := range r.Prices {
		in.Prices = append(in.Prices, catalogue.PriceLine{Audience: p.Audience, Unit: p.Unit, Amount: p.Amount, Currency: p.Currency, Minimum: p.Minimum, Option: p.Option, Note: p.Note, From: p.From, To: p.To})
	}
	return in
}

// errHarvest is a harvest that the other side has ended.
type errHarvest struct{ code, detail string }

func (e errHarvest) Error() string { return e.code + ": " + e.detail }

// harvest runs a harvest to its end, page by page: each page is fetched outside any transaction and written in one
// with the place where to go on.
func (s *Service) harvest(ctx context.Context, src Source, run Run) error {
	for {
		now, err := getRun(ctx, s.DB, run.ID)
		if err != nil {
			return err
		}
		if run = now; run.State != RunRunning {
			return s.finish(ctx, src, run, "halt", "", "")
		}
		p, err := s.nextPage(ctx, src, run)
		if err != nil {
			return s.failed(ctx, src, run, err)
		}
		if run.Pages == 0 {
			run.Answered = p.ResponseDate
		}
		t, err := s.take(ctx, src, run, s.read(src, p))
		if err != nil {
			return s.failed(ctx, src, run, err)
		}
		next := strings.TrimSpace(p.Token)
		if next != "" && next == run.Token {
			return s.failed(ctx, src, run, errHarvest{"token-repeats", "the other side gives the same resumption token again"})
		}
		run.Token = next
		if err := s.keep(ctx, &run, t); err != nil {
			return err
		}
		if next == "" {
			return s.finish(ctx, src, run, "finish", "", "")
		}
	}
}

// failed ends a harvest with what went wrong; when the program itself is ending, the harvest goes on at its next start.
func (s *Service) failed(ctx context.Context, src Source, run Run, err error) error {
	if ctx.Err() != nil {
		return err
	}
	code, detail := "unreachable", err.Error()
	var h errHarvest
	switch {
	case errors.As(err, &h):
		code, detail = h.code, h.detail
	case errors.Is(err, ErrOffline):
		code, detail = "offline", ""
	}
	return s.finish(ctx, src, run, "fail", code, clip(detail))
}

// nextPage fetches the page at which the harvest stands.
func (s *Service) nextPage(ctx context.Context, src Source, run Run) (page, error) {
	address := withQuery(src.Address, "verb", verbRecords, "resumptionToken", run.Token)
	if run.Token == "" {
		since := run.Since
		if since != "" {
			granularity, err := s.granularity(ctx, src)
			if err != nil {
				return page{}, err
			}
			if granularity == "YYYY-MM-DD" {
				since = since[:len(time.DateOnly)]
			}
		}
		address = withQuery(src.Address, "verb", verbRecords, "metadataPrefix", src.Prefix, "set", src.Subset, "from", since)
	}
	p, err := s.ask(ctx, address)
	if err != nil {
		return p, err
	}
	if len(p.Errors) > 0 && p.Errors[0].Code != "noRecordsMatch" {
		return p, errHarvest{p.Errors[0].Code, strings.TrimSpace(p.Errors[0].Text)}
	}
	return p, nil
}

// granularity asks how fine the other side's datestamps are.
func (s *Service) granularity(ctx context.Context, src Source) (string, error) {
	p, err := s.ask(ctx, withQuery(src.Address, "verb", verbIdentify))
	return strings.TrimSpace(p.Identify.Granularity), err
}

func (s *Service) ask(ctx context.Context, address string) (page, error) {
	data, err := s.get(ctx, address)
	if err != nil {
		return page{}, err
	}
	p, err := readPage(data)
	if err != nil {
		return p, errHarvest{"not-oai", err.Error()}
	}
	return p, nil
}

// nextSince is from of the harvest after this one: the time of its first answer, a little earlier where the other side
// may stamp late. What comes twice costs nothing.
func nextSince(answered string) string {
	t, err := time.Parse(second, strings.TrimSpace(answered))
	if err != nil {
		return ""
	}
	return secondOf(t.Add(-overlap))
}

// overlap is how far two harvests overlap: others may stamp a change before it can be seen.
const overlap = 2 * time.Minute

// newRun is a harvest that begins now.
func (s *Service) newRun(src Source, person string) Run {
	now := db.At(s.Clock.Now())
	return Run{ID: id.New(), Source: src.ID, Person: person, State: RunRunning, Since: src.Since, StartedAt: now}
}
