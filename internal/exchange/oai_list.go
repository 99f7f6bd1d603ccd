package exchange

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"qiao/internal/catalogue/format"
	"qiao/internal/platform/db"
)

// How many entries one page of a list has.
const (
	recordsPerPage     = 200
	identifiersPerPage = 1000
	setsPerPage        = 500
)

var domainShape = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9\-]*(\.[a-zA-Z][a-zA-Z0-9\-]*)+$`)

// shape is a metadata format of the provider.
type shape struct {
	prefix, namespace, schema string
	only                      []string // kinds it can carry; empty: every kind
	write                     func(r format.Record) string
}

func (f shape) carries(kind string) bool { return len(f.only) == 0 || slices.Contains(f.only, kind) }

// shapes lists the formats: Dublin Core first, which every repository has, our lossless one last.
func (s *Service) shapes() []shape {
	equipment := []string{"facility", "instrument"}
	own := func(file string) string { return s.Address + "/oai/" + file }
	return []shape{
		{"oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", nil, format.OaiDC},
		{"pidinst", format.PidinstNamespace, own("pidinst.xsd"), equipment, func(r format.Record) string {
			return format.PidinstOf(r).XML(format.PidinstNamespace, own("pidinst.xsd"))
		}},
		{"nrii", format.NRIINamespace, own("nrii.xsd"), equipment, func(r format.Record) string { return format.NRIIXML(r, own("nrii.xsd")) }},
		{"qiao", format.WholeNamespace, own("resource.xsd"), nil, func(r format.Record) string { return format.Whole(r, own("resource.xsd")) }},
	}
}

func (s *Service) shape(prefix string) (shape, bool) {
	all := s.shapes()
	i := slices.IndexFunc(all, func(f shape) bool { return f.prefix == prefix })
	if i < 0 {
		return shape{}, false
	}
	return all[i], true
}

// list answers ListRecords and ListIdentifiers.
func (a *answer) list(ctx context.Context) error {
	at, ok := a.place()
	if !ok {
		return a.fail("badResumptionToken", "The resumptionToken was not issued here for this verb, or has expired.")
	}
	f, known := a.service.shape(at.Prefix)
	if !known {
		return a.fail("cannotDisseminateFormat", "This metadataPrefix is not supported; see ListMetadataFormats.")
	}
	per := recordsPerPage
	if a.request.Verb == verbIdentifiers {
		per = identifiersPerPage
	}
	rows, err := listListed(ctx, a.service.DB, at.where(f, true), per+1)
	if err != nil {
		return err
	}
	if len(rows) == 0 && at.Done == 0 {
		return a.fail("noRecordsMatch", "No record meets these arguments.")
	}
	if a.request.Token == "" {
		if at.Total, err = countListed(ctx, a.service.DB, at.where(f, false)); err != nil {
			return err
		}
	}
	more := len(rows) > per
	if more {
		rows = rows[:per]
	}
	if err := a.write(ctx, rows, f, a.request.Verb == verbRecords); err != nil {
		return err
	}
	a.resume(at, rows, more)
	return nil
}

// place is where the list begins: at the token, or at the arguments.
func (a *answer) place() (token, bool) {
	r := a.request
	if r.Token == "" {
		return token{Verb: r.Verb, Prefix: r.Prefix, From: r.From, Until: r.Until, Set: r.Set}, true
	}
	t, ok := unseal(a.secret, r.Token, a.now)
	return t, ok && t.Verb == r.Verb
}

// resume writes the token of the next page; the last page of several has an empty one.
func (a *answer) resume(at token, rows []listed, more bool) {
	if !more && a.request.Token == "" {
		return
	}
	cursor := strconv.FormatInt(at.Done, 10)
	total := strconv.FormatInt(max(at.Total, at.Done+int64(len(rows))), 10)
	if !more {
		a.body.Leaf("resumptionToken", "", "completeListSize", total, "cursor", cursor)
		return
	}
	last := rows[len(rows)-1]
	at.Stamp, at.ID, at.Done, at.Expires = last.Datestamp, last.Resource, at.Done+int64(len(rows)), a.now.Add(tokenLife).Unix()
	a.body.Leaf("resumptionToken", at.seal(a.secret), "expirationDate", time.Unix(at.Expires, 0).UTC().Format(second), "completeListSize", total, "cursor", cursor)
}

// where are the conditions of a list, from its place on or as a whole. A record that changes while a list is read
// moves to its end; it is never lost.
func (t token) where(f shape, onward bool) *db.Where {
	var w db.Where
	if len(f.only) > 0 {
		w.In("kind", f.only)
	}
	if t.From != "" {
		w.And("datestamp >= ?", t.From)
	}
	if t.Until != "" {
		w.And("datestamp <= ?", t.Until)
	}
	branch, leaf, _ := strings.Cut(t.Set, ":")
	switch {
	case t.Set == "":
	case leaf == "" && slices.Contains([]string{"kind", "region", "owner"}, branch): // every record has one of each
	case branch == "kind":
		w.And("kind = ?", leaf)
	case branch == "owner":
		w.And("owner = ?", leaf)
	case branch == "region" && regionShape.MatchString(leaf):
		low := strings.ReplaceAll(leaf, ":", "")
		w.And("region >= ? AND region < ?", low, low+"~")
	default:
		w.And("1 = 0")
	}
	if onward && t.Stamp != "" {
		w.And("datestamp > ? OR (datestamp = ? AND resource > ?)", t.Stamp, t.Stamp, t.ID)
	}
	return &w
}

var regionShape = regexp.MustCompile(`^\d\d(:\d\d){0,2}$`)

// setsOf are the sets a record is in: its kind, its region with those above it, its owner.
func setsOf(l listed) []string {
	out := []string{"kind:" + l.Kind}
	if len(l.Region) == 6 {
		out = append(out, "region:"+regionSet(l.Region))
	}
	return append(out, "owner:"+l.Owner)
}

// regionSet is a region's place in the tree of sets: 330402 is 33:04:02, 330000 is 33.
func regionSet(code string) string {
	out := code[:2]
	if code[2:4] != "00" {
		out += ":" + code[2:4]
		if code[4:] != "00" {
			out += ":" + code[4:]
		}
	}
	return out
}

// write writes headers, or records whole. A record that has left the catalogue since it was listed is told as deleted.
func (a *answer) write(ctx context.Context, rows []listed, f shape, whole bool) error {
	var ids []string
	for _, l := range rows {
		if !l.Deleted {
			ids = append(ids, l.Resource)
		}
	}
	records := map[string]format.Record{}
	var origins map[string]firstOrigin
	if whole {
		list, err := a.service.Catalogue.Records(ctx, a.service.DB, ids)
		if err != nil {
			return fmt.Errorf("read %d records: %w", len(ids), err)
		}
		for _, r := range list {
			records[r.ID] = r
		}
		if origins, err = originsOf(ctx, a.service.DB, ids); err != nil {
			return err
		}
	}
	for _, l := range rows {
		r, there := records[l.Resource]
		if !whole {
			a.header(l)
			continue
		}
		l.Deleted = l.Deleted || !there
		a.body.Open("record")
		a.header(l)
		if !l.Deleted {
			a.body.Open("metadata").Raw(f.write(r)).Close()
			a.about(origins[l.Resource])
		}
		a.body.Close()
	}
	return nil
}

func (a *answer) header(l listed) {
	status := ""
	if l.Deleted {
		status = "deleted"
	}
	x := &a.body
	x.Open("header", "status", status).Leaf("identifier", a.service.identifierOf(l.Resource)).Leaf("datestamp", l.Datestamp)
	for _, set := range setsOf(l) {
		x.Leaf("setSpec", set)
	}
	x.Close()
}

// about tells where a harvested record was published first, so that nobody takes back what is his own.
func (a *answer) about(o firstOrigin) {
	if o.Identifier == "" {
		return
	}
	const ns = "http://www.openarchives.org/OAI/2.0/provenance"
	x := &a.body
	x.Open("about").Open("provenance", "xmlns", ns, "xmlns:xsi", xsi, "xsi:schemaLocation", ns+" http://www.openarchives.org/OAI/2.0/provenance.xsd")
	x.Open("originDescription", "harvestDate", o.Datestamp, "altered", "true").Leaf("baseURL", o.Base).Leaf("identifier", o.Identifier).Leaf("datestamp", o.Datestamp).Leaf("metadataNamespace", format.WholeNamespace)
	x.Close().Close().Close()
}

// sets answers ListSets.
func (a *answer) sets(ctx context.Context) error {
	at, ok := a.place()
	if !ok {
		return a.fail("badResumptionToken", "The resumptionToken was not issued here for this verb, or has expired.")
	}
	all, err := a.service.allSets(ctx)
	if err != nil {
		return err
	}
	from := min(int(at.Done), len(all))
	part := all[from:min(from+setsPerPage, len(all))]
	for _, set := range part {
		a.body.Open("set").Leaf("setSpec", set[0]).Leaf("setName", set[1]).Close()
	}
	at.Total = int64(len(all))
	at.Done = int64(from)
	a.resume(at, make([]listed, len(part)), from+len(part) < len(all))
	return nil
}

// allSets lists spec and name of every set: kinds, regions with those above them, owners.
func (s *Service) allSets(ctx context.Context) ([][2]string, error) {
	out := [][2]string{{"kind", "By kind of resource"}}
	kinds, err := distinct(ctx, s.DB, "kind")
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		out = append(out, [2]string{"kind:" + k, kindNames(k)})
	}
	out = append(out, [2]string{"region", "By region (GB/T 2260)"})
	regions, err := distinct(ctx, s.DB, "region")
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, code := range regions {
		if len(code) != 6 {
			continue
		}
		for _, up := range []string{code[:2] + "0000", code[:4] + "00", code} {
			if spec := regionSet(up); !seen[spec] {
				seen[spec] = true
				out = append(out, [2]string{"region:" + spec, s.Orgs.RegionPath(up)})
			}
		}
	}
	owners, err := distinct(ctx, s.DB, "owner")
	if err != nil {
		return nil, err
	}
	orgs, err := s.Orgs.Organisations(ctx, s.DB, owners)
	if err != nil {
		return nil, err
	}
	out = append(out, [2]string{"owner", "By owner"})
	for _, o := range owners {
		name := o
		if org, ok := orgs[o]; ok {
			name = strings.TrimSpace(org.NameZH + " " + org.NameEN)
		}
		out = append(out, [2]string{"owner:" + o, name})
	}
	return out, nil
}
