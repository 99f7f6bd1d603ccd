package expert

import (
	"context"
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// Correction is what a person says about themselves: the public part of the record, and how they are reached.
type Correction struct {
	NameZH, NameEN, Institution, Title string
	Keywords                           []string
	Summary, Offers                    string
	ORCID, Email, Phone                string
}

// Correct changes the record and the addresses of the subject's own profile.
func (s *Service) Correct(ctx context.Context, by identity.Subject, resource string, c Correction) error {
	if err := s.policy.Can(by, "expert.own", identity.Object{}); err != nil {
		return err
	}
	c.Email, c.Phone = strings.TrimSpace(c.Email), strings.TrimSpace(c.Phone)
	c.ORCID = catalogue.Identifier{Scheme: "orcid", Value: c.ORCID}.Normal().Value
	bad := fault.New(fault.Invalid, "profile-invalid", "有些内容需要修改，请按提示更正后再提交。")
	if c.ORCID != "" && !identity.ValidORCID(c.ORCID) {
		bad.Field("orcid", "orcid", "“{0}”不是 ORCID 编号，校验位不符，例如 0000-0002-1825-0097。", c.ORCID)
	}
	if a, err := mail.ParseAddress(c.Email); c.Email != "" && (err != nil || a.Address != c.Email) {
		bad.Field("email", "email", "邮箱写得不对，例如 name@example.cn。")
	}
	long(bad, "email", c.Email, 0, 254)
	long(bad, "phone", c.Phone, 0, 60)
	if err := orNil(bad); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p, err := lockProfile(ctx, tx, resource, by.Person)
		if err != nil {
			return err
		}
		_, err = s.catalogue.Amend(ctx, tx, by, resource, "edit", func(r *catalogue.Resource) {
			r.NameZH, r.NameEN, r.Summary = strings.TrimSpace(c.NameZH), strings.TrimSpace(c.NameEN), strings.TrimSpace(c.Summary)
			for name, v := range map[string]string{"institution": c.Institution, "title": c.Title, "offers": c.Offers, "orcid": c.ORCID} {
				if v = strings.TrimSpace(v); v == "" {
					delete(r.Fields, name)
				} else {
					r.Fields[name] = v
				}
			}
			if delete(r.Fields, "keywords"); len(c.Keywords) > 0 {
				r.Fields["keywords"] = slices.Clone(c.Keywords)
			}
		})
		if err != nil {
			return err
		}
		p.ORCID, p.Email, p.Phone, p.UpdatedAt = c.ORCID, c.Email, c.Phone, db.At(s.clock.Now())
		if err := putProfile(ctx, tx, p); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "expert.correct", Kind: "expert", ID: resource, Data: c})
	})
}

// mostEvidence is how many pieces of evidence one record may have.
const mostEvidence = 500

// Cite adds a piece of evidence that the person states.
func (s *Service) Cite(ctx context.Context, by identity.Subject, resource string, e Evidence) (Evidence, error) {
	if err := s.policy.Can(by, "expert.own", identity.Object{}); err != nil {
		return e, err
	}
	if err := s.checkEvidence(&e); err != nil {
		return e, err
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := lockProfile(ctx, tx, resource, by.Person); err != nil {
			return err
		}
		have, err := listEvidence(ctx, tx, resource)
		if err != nil {
			return err
		}
		if len(have) >= mostEvidence {
			return fault.New(fault.Conflict, "too-much-evidence", "最多 {0} 条依据，请先删去不再需要的。", mostEvidence)
		}
		if i := slices.IndexFunc(have, e.same); i >= 0 {
			e = have[i]
			return nil
		}
		e.ID, e.Resource, e.Stated, e.At = id.New(), resource, true, db.At(s.clock.Now())
		if _, err := insertEvidence(ctx, tx, []Evidence{e}); err != nil {
			return err
		}
		return s.edited(ctx, tx, "cite", resource, e)
	})
	return e, err
}

func (e Evidence) same(o Evidence) bool {
	return e.Kind == o.Kind && e.Title == o.Title && e.Year == o.Year
}

func (s *Service) checkEvidence(e *Evidence) error {
	bad := fault.New(fault.Invalid, "evidence-invalid", "有些内容需要修改，请按提示更正后再提交。")
	for _, p := range []*string{&e.Title, &e.Role, &e.Number, &e.Partner, &e.Source, &e.Address, &e.Licence} {
		*p = strings.Join(strings.Fields(*p), " ")
	}
	if _, ok := s.rules.kind(e.Kind); !ok {
		bad.Field("kind", "not-a-choice", "请选择依据的种类。")
	}
	long(bad, "title", e.Title, 2, 300)
	long(bad, "source", e.Source, 2, 200)
	for _, x := range []struct{ name, value string }{{"role", e.Role}, {"number", e.Number}, {"partner", e.Partner}, {"licence", e.Licence}} {
		long(bad, x.name, x.value, 0, 200)
	}
	if year := int64(s.clock.Now().Year()); e.Year != 0 && (e.Year < 1900 || e.Year > year+1) {
		bad.Field("year", "year", "年份应在 1900 到 {0} 之间。", year+1)
	}
	if u, err := url.Parse(e.Address); e.Address != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || utf8.RuneCountInString(e.Address) > 500) {
		bad.Field("address", "address", "网址应以 http:// 或 https:// 开头。")
	}
	return orNil(bad)
}

// Uncite removes a piece of evidence, also one that was found in a public record: it is the person's to say what stands.
func (s *Service) Uncite(ctx context.Context, by identity.Subject, resource, evidence string) error {
	return s.own(ctx, by, resource, func(ctx context.Context, tx *db.Tx) error {
		n, err := deleteEvidence(ctx, tx, resource, evidence)
		if err != nil || n == 0 {
			return err
		}
		if err := dropUnsupported(ctx, tx, resource); err != nil {
			return err
		}
		return s.edited(ctx, tx, "uncite", resource, evidence)
	})
}

// own is a change of one's own profile.
func (s *Service) own(ctx context.Context, by identity.Subject, resource string, do func(context.Context, *db.Tx) error) error {
	if err := s.policy.Can(by, "expert.own", identity.Object{}); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := lockProfile(ctx, tx, resource, by.Person); err != nil {
			return err
		}
		return do(ctx, tx)
	})
}

func (s *Service) edited(ctx context.Context, tx *db.Tx, verb, resource string, data any) error {
	return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "expert." + verb, Kind: "expert", ID: resource, Data: data})
}

// mostAreas is how many areas one record may have.
const mostAreas = 20

// SetAreas replaces the areas of the subject's profile; each needs evidence of the same record.
func (s *Service) SetAreas(ctx context.Context, by identity.Subject, resource string, areas []Area) error {
	bad := fault.New(fault.Invalid, "areas-invalid", "有些内容需要修改，请按提示更正后再提交。")
	if len(areas) > mostAreas {
		bad.Field("areas", "too-many", "最多 {0} 个方向。", mostAreas)
	}
	var kept []Area
	for i, a := range areas {
		a.Name = strings.Join(strings.Fields(a.Name), " ")
		at := fmt.Sprintf("area-%d", i)
		if a.Name == "" {
			continue
		}
		long(bad, at, a.Name, 2, 60)
		if len(a.Evidence) == 0 {
			bad.Field(at, "no-evidence", "请为“{0}”至少选择一条依据。", a.Name)
		}
		if slices.ContainsFunc(kept, func(o Area) bool { return o.Name == a.Name }) {
			bad.Field(at, "twice", "“{0}”写了两次。", a.Name)
		}
		slices.Sort(a.Evidence)
		a.Evidence = slices.Compact(a.Evidence)
		a.ID = id.From("area", resource, a.Name)
		kept = append(kept, a)
	}
	if err := orNil(bad); err != nil {
		return err
	}
	return s.own(ctx, by, resource, func(ctx context.Context, tx *db.Tx) error {
		have, err := listEvidence(ctx, tx, resource)
		if err != nil {
			return err
		}
		for _, a := range kept {
			for _, e := range a.Evidence {
				if !slices.ContainsFunc(have, func(x Evidence) bool { return x.ID == e }) {
					return fault.New(fault.Invalid, "areas-invalid", "有些内容需要修改，请按提示更正后再提交。").Field("areas", "evidence-unknown", "“{0}”选的一条依据已经不在，请重新选择。", a.Name)
				}
			}
		}
		if err := putAreas(ctx, tx, resource, kept); err != nil {
			return err
		}
		return s.edited(ctx, tx, "areas", resource, kept)
	})
}

// Found keeps evidence that stands in public records, for records that the program itself takes in; the same again
// changes nothing, and nothing is added to a record that somebody has claimed.
func (s *Service) Found(ctx context.Context, tx *db.Tx, list []Evidence) (int64, error) {
	var resources []string
	for _, e := range list {
		resources = append(resources, e.Resource)
	}
	slices.Sort(resources)
	taken, err := agreed(ctx, tx, Publish, slices.Compact(resources))
	if err != nil {
		return 0, err
	}
	now := db.At(s.clock.Now())
	var fresh []Evidence
	for _, e := range list {
		if slices.ContainsFunc(taken, func(p profiled) bool { return p.Resource == e.Resource }) {
			continue
		}
		e.ID, e.Stated, e.At = id.From("evidence", e.Resource, e.Source, e.Number, e.Title), false, now
		fresh = append(fresh, e)
	}
	return insertEvidence(ctx, tx, fresh)
}
