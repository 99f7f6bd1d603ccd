package provider

import (
	"context"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// CertificateDraft is what an owner says of a certificate.
type CertificateDraft struct {
	Kind, Number, Issuer, Scope, From, To string
	Items                                 string   // the scope line by line, as ParseScope reads it
	Covers                                []string // resources; empty: the whole organisation
	FileName                              string
	File                                  io.Reader // nil: the file stays as it is
}

// SaveCertificate states a certificate of the subject's organisation, or changes one: then a person has to look again.
func (s *Service) SaveCertificate(ctx context.Context, by identity.Subject, certificate string, d CertificateDraft) (Certificate, error) {
	var c Certificate
	if err := s.policy.Can(by, "certificate.edit", object(by.Org, by.Region)); err != nil {
		return c, err
	}
	items := ParseScope(d.Items)
	if err := s.checkCertificate(d, items); err != nil {
		return c, err
	}
	owned, err := s.catalogue.Owned(ctx, s.db, by.Org)
	if err != nil {
		return c, err
	}
	covers := slices.DeleteFunc(slices.Clone(d.Covers), func(x string) bool {
		for _, r := range owned {
			if r.ID == x {
				return false
			}
		}
		return true
	})
	var sha string
	var size int64
	if d.File != nil {
		ref, err := s.files.Put(ctx, d.File, maxDocument)
		if err != nil {
			return c, err
		}
		sha, size = ref.SHA256, ref.Size
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var old Certificate
		if old, err = s.ownCertificate(ctx, tx, by, certificate); err != nil {
			return err
		}
		now := db.At(s.clock.Now())
		c = old
		if c.ID == "" {
			o, err := s.orgs.Organisation(ctx, tx, by.Org)
			if err != nil {
				return err
			}
			c = Certificate{ID: id.New(), Org: o.ID, Region: o.Region, Sample: s.sample || o.Sample, CreatedAt: now}
		}
		c.Kind, c.Number, c.Issuer, c.Scope, c.From, c.To = d.Kind, strings.TrimSpace(d.Number), strings.TrimSpace(d.Issuer), strings.TrimSpace(d.Scope), d.From, d.To
		c.Items, c.Covers, c.Whole = items, covers, len(covers) == 0
		if sha != "" {
			c.File, c.SHA256, c.Size = d.FileName, sha, size
		}
		return s.certified(ctx, tx, by, old, c, "state", Stated, "")
	})
	return c, err
}

func (s *Service) ownCertificate(ctx context.Context, tx *db.Tx, by identity.Subject, certificate string) (Certificate, error) {
	if certificate == "" {
		return Certificate{}, nil
	}
	c, err := getCertificate(ctx, tx, certificate)
	if err != nil {
		return c, err
	}
	if c.State == Removed {
		return c, fault.New(fault.Gone, "certificate-removed", "这份证书已被删除。")
	}
	return c, s.policy.Can(by, "certificate.edit", object(c.Org, c.Region))
}

func (s *Service) checkCertificate(d CertificateDraft, items []Scope) error {
	f := fault.New(fault.Invalid, "certificate-invalid", "证书还不能保存，请按提示修改。")
	if _, known := find(s.rules.Certificates, d.Kind); !known {
		f.Field("kind", "choice", "请选择证书种类。")
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(d.Number)); n == 0 || n > 100 {
		f.Field("number", "required", "请写证书编号，100 字以内。")
	}
	for name, day := range map[string]string{"from": d.From, "to": d.To} {
		if _, err := clock.Midnight(day); err != nil {
			f.Field(name, "date", "请写日期，如 2026-01-31。")
		}
	}
	if len(f.Fields) == 0 && d.To < d.From {
		f.Field("to", "order", "截止日期早于起始日期 {0}。", d.From)
	}
	if utf8.RuneCountInString(d.Scope) > 4000 {
		f.Field("scope", "too-long", "太长了，最多 {0} 个字。", 4000)
	}
	for _, x := range items {
		if utf8.RuneCountInString(x.Item) > 300 || utf8.RuneCountInString(x.Method) > 300 || utf8.RuneCountInString(x.Limits) > 500 {
			f.Field("items", "too-long", "第 {0} 行太长了。", x.Position)
			break
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// DoCertificate carries out a verb of Certificates: verify, refuse (the authority), remove (the owner).
func (s *Service) DoCertificate(ctx context.Context, by identity.Subject, certificate, verb, note string) (Certificate, error) {
	var c Certificate
	note = strings.TrimSpace(note)
	if !Certificates.Has(verb) || verb == "state" {
		return c, fault.New(fault.NotFound, "no-such-verb", "没有“{0}”这个操作。", verb)
	}
	if err := reason(verb, note); err != nil {
		return c, err
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := getCertificate(ctx, tx, certificate)
		if err != nil {
			return err
		}
		act := "certificate.check"
		if verb == "remove" {
			act = "certificate.edit"
		} else if by.Org == old.Org {
			return fault.New(fault.Forbidden, "own-organisation", "这是您自己单位的事项，请由其他工作人员办理。")
		}
		if err := s.policy.Can(by, act, object(old.Org, old.Region)); err != nil {
			return err
		}
		step, err := Certificates.Next(old.State, verb)
		if err != nil {
			return err
		}
		c = old
		return s.certified(ctx, tx, by, old, c, verb, step.To, note)
	})
	if err == nil {
		c, err = getCertificate(ctx, s.db, certificate)
	}
	return c, err
}

// certified writes a certificate after a move: the flag that search counts, its step, its events, its audit entry.
func (s *Service) certified(ctx context.Context, tx *db.Tx, by identity.Subject, old, c Certificate, verb, to, note string) error {
	now := db.At(s.clock.Now())
	c.State, c.Revision, c.UpdatedAt = to, old.Revision+1, now
	c.Current = c.counts(s.today())
	if err := putCertificate(ctx, tx, c); err != nil {
		return err
	}
	if err := putScope(ctx, tx, c); err != nil {
		return err
	}
	if err := s.touch(ctx, tx, old, c); err != nil {
		return err
	}
	if err := insertStep(ctx, tx, c.ID, now, by, verb, old.State, to, note); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, now.Time, CertificateMoved{c.ID, c.Org, c.Region, c.Number, verb}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "certificate." + verb, Kind: "certificate", ID: c.ID, From: old.State, To: to, Data: c})
}

// touch tells the search index whose certificates have changed for it.
func (s *Service) touch(ctx context.Context, tx *db.Tx, old, c Certificate) error {
	if !old.Current && !c.Current {
		return nil
	}
	ids := append([]string{c.Org}, c.Covers...)
	ids = append(ids, old.Covers...)
	slices.Sort(ids)
	for _, x := range slices.Compact(ids) {
		if err := outbox.Publish(ctx, tx, s.clock.Now(), CertificateTouched{x}); err != nil {
			return err
		}
	}
	return nil
}

// Kinds are the kinds of certificates that search counts, of resources and organisations by their ids: verified by a
// person, and in their days.
func (s *Service) Kinds(ctx context.Context, q db.Q, ids []string) (map[string][]string, error) {
	out := map[string][]string{}
	for batch := range slices.Chunk(ids, 400) {
		list, err := currentKinds(ctx, q, batch)
		if err != nil {
			return nil, err
		}
		for _, k := range list {
			out[k.Object] = append(out[k.Object], k.Kind)
		}
	}
	for _, l := range out {
		slices.Sort(l)
	}
	return out, nil
}

// Covering are the certificates that cover a resource, or the whole of its owner, on a civil day, verified ones first.
func (s *Service) Covering(ctx context.Context, q db.Q, owner, resource, day string) ([]Certificate, error) {
	return ofResource(ctx, q, owner, resource, day)
}

// CertificateName is a kind of certificate in words, in both languages, and what stands on a chip.
func (s *Service) CertificateName(kind string) (name Name, short string) {
	it, ok := find(s.rules.Certificates, kind)
	if !ok {
		return Name{kind, kind}, kind
	}
	if it.Short == "" {
		return it.Name, it.Name.ZH
	}
	return it.Name, it.Short
}
