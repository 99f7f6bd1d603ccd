package catalogue

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"qiao/internal/catalogue/format"
	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, action, summary, description string, private bool) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: action, Tag: "resource", Summary: summary, Description: description, Private: private}
	}
	web.API(g, op("GET", "/resources", "catalogue.search", "检索资源",
		"Repeated parameters are OR within one facet and AND across facets. A facet's own choice does not narrow its counts.", false), s.apiSearch)
	web.API(g, op("GET", "/resources/suggest", "catalogue.search", "检索建议", "Words worth searching for, while someone types.", false), s.apiSuggest)
	web.API(g, op("GET", "/resources/{id}", "resource.view", "资源详情",
		"format=pidinst (PIDINST 1.0), jsonld (schema.org), nrii (national network platform) or uniquip (CSV); without it our own shape. 410 for what was withdrawn.", false), s.apiGet)
	create := op("POST", "/resources", "resource.create", "登记资源", "Registers a resource of the acting organisation and publishes it, unless status is draft.", true)
	create.Status, create.Example = http.StatusCreated, exampleDraft()
	web.API(g, create, s.apiCreate)
	put := op("PUT", "/resources/{id}", "resource.edit", "修改资源", "Replaces what the owner says. If-Match with the revision seen guards against overwriting another change.", true)
	web.API(g, put, s.apiSave)
	remove := op("DELETE", "/resources/{id}", "resource.edit", "撤下资源", "Leaves a tombstone: the address answers 410 from then on.", true)
	remove.Status = http.StatusNoContent
	web.API(g, remove, s.apiDelete)
	web.API(g, op("POST", "/resources/{id}/{verb}", "resource.edit", "发布、核对、暂停、恢复或撤下资源",
		"Verbs: publish, submit, check, suspend, resume, withdraw, restore. check says that the record is true today. Suspending needs a note. Where the region asks for a second person, publish submits.", true), s.apiVerb)
	s.apiRecord(g, op)
}

func exampleDraft() any {
	return map[string]any{
		"kind": "instrument", "name_zh": "示例·场发射扫描电镜", "name_en": "Sample field emission SEM", "model": "SEM-5000X", "class": "010100", "voucher": true, //i18n:data an example
		"access": []string{"self", "mail_in"}, "prices": []map[string]any{{"audience": "external", "unit": "hour", "amount": 60000, "currency": "CNY"}},
	}
}

type resourceGetIn struct {
	ID     string `path:"id"`
	Format string `query:"format" enum:"pidinst,uniquip,jsonld,nrii" doc:"Another shape; our own where left out"`
}

type resourceGetOut struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte
}

type resourceOut struct {
	ETag string `header:"ETag"`
	Body resourceBody
}

// readable is a resource that sub may read: what stands in the catalogue, the owner's own drafts, and what sub may review.
func (s *Service) readable(ctx context.Context, sub identity.Subject, resource string) (Resource, error) {
	r, err := s.Resource(ctx, s.DB, resource)
	if !fault.Is(err, "resource-not-found") {
		return r, err
	}
	own, _, e := s.load(ctx, s.DB, resource)
	switch {
	case e != nil:
		return r, err
	case s.Policy.Can(sub, "resource.manage", object(own)) == nil, own.Status == StatusReview && s.Policy.Can(sub, "resource.review", object(own)) == nil:
		return own, nil
	}
	return r, err
}

func (s *Service) apiGet(ctx context.Context, in *resourceGetIn) (*resourceGetOut, error) {
	r, err := s.readable(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, s.goneOrMerged(ctx, s.DB, in.ID, err)
	}
	owner, err := s.owner(ctx, s.DB, r.Owner)
	if err != nil {
		return nil, err
	}
	out := &resourceGetOut{ContentType: "application/json", ETag: etag(r.Revision)}
	whole, err := s.wireWhole(ctx, r, owner)
	if err != nil {
		return nil, err
	}
	var v any = whole
	switch in.Format {
	case "pidinst":
		v = format.PidinstOf(s.Record(r, owner))
	case "nrii":
		v = format.NRIIRecord(s.Record(r, owner), false)
	case "jsonld":
		v, out.ContentType = format.JSONLD(s.Record(r, owner)), "application/ld+json"
	case "uniquip":
		var b bytes.Buffer
		if err := sheet.WriteCSV(&b, format.UniquipHeadings(), [][]string{format.UniquipRow(s.Record(r, owner))}); err != nil {
			return nil, err
		}
		out.ContentType, out.Body = "text/csv; charset=utf-8", b.Bytes()
		return out, nil
	}
	out.Body, err = json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write resource %s: %w", r.ID, err)
	}
	return out, nil
}

type resourceCreateIn struct{ Body resourceDraft }

func (s *Service) apiCreate(ctx context.Context, in *resourceCreateIn) (*resourceOut, error) {
	sub := identity.SubjectOf(ctx)
	if in.Body.Hours != nil {
		if err := checkHours(*in.Body.Hours); err != nil {
			return nil, err
		}
	}
	r, err := s.Create(ctx, sub, web.RequestKey(ctx), in.Body.draft())
	if err == nil && in.Body.Hours != nil {
		err = s.SetHours(ctx, sub, r.ID, *in.Body.Hours)
	}
	if err == nil && in.Body.Status != StatusDraft {
		r, err = s.Do(ctx, sub, r.ID, "publish", "")
	}
	if err != nil {
		return nil, err
	}
	return s.told(ctx, r)
}

func (s *Service) told(ctx context.Context, r Resource) (*resourceOut, error) {
	owner, err := s.owner(ctx, s.DB, r.Owner)
	if err != nil {
		return nil, err
	}
	whole, err := s.wireWhole(ctx, r, owner)
	return &resourceOut{ETag: etag(r.Revision), Body: whole}, err
}

type resourceSaveIn struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    resourceDraft
}

func (s *Service) apiSave(ctx context.Context, in *resourceSaveIn) (*resourceOut, error) {
	sub := identity.SubjectOf(ctx)
	r, err := s.Save(ctx, sub, in.ID, revisionOf(in.IfMatch), in.Body.draft())
	if err == nil && in.Body.Hours != nil {
		if err = s.SetHours(ctx, sub, in.ID, *in.Body.Hours); err == nil {
			r, _, err = s.load(ctx, s.DB, in.ID)
		}
	}
	if fault.Is(err, "resource-changed") {
		err = fault.New(fault.Precondition, "resource-changed", fault.Of(err).Text)
	}
	if err != nil {
		return nil, err
	}
	return s.told(ctx, r)
}

type resourceIDIn struct {
	ID string `path:"id"`
}

func (s *Service) apiDelete(ctx context.Context, in *resourceIDIn) (*struct{}, error) {
	_, err := s.Do(ctx, identity.SubjectOf(ctx), in.ID, "withdraw", "")
	return nil, err
}

type resourceVerbIn struct {
	ID   string `path:"id"`
	Verb string `path:"verb" doc:"publish, submit, check, suspend, resume, withdraw or restore"`
	Body *resourceVerbBody
}

// resourceVerbBody may be left out where nothing is to be said.
type resourceVerbBody struct {
	Note string `json:"note,omitempty" doc:"Why; readers see it"`
}

func (s *Service) apiVerb(ctx context.Context, in *resourceVerbIn) (*resourceOut, error) {
	note := ""
	if in.Body != nil {
		note = in.Body.Note
	}
	r, err := s.Do(ctx, identity.SubjectOf(ctx), in.ID, in.Verb, note)
	if err != nil {
		return nil, err
	}
	return s.told(ctx, r)
}
