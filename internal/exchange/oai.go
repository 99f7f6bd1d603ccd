package exchange

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"qiao/internal/catalogue/format"
	"qiao/internal/platform/db"
)

// maxRequest bounds the body of a request sent by POST.
const maxRequest = 64 << 10

// serveOAI answers a request of OAI-PMH 2.0, by GET or POST.
func (s *Service) serveOAI(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	now, secret, err := s.mark(ctx)
	if err != nil {
		return err
	}
	a := answer{service: s, now: now, secret: secret}
	if a.request, a.fault = s.readOAI(r); a.fault == nil {
		if err := a.serve(ctx); err != nil {
			return err
		}
	}
	h := w.Header()
	h.Set("Content-Type", "text/xml; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	_, err = io.WriteString(w, a.document())
	return err
}

func (s *Service) readOAI(r *http.Request) (oaiRequest, *oaiError) {
	text := r.URL.RawQuery
	if r.Method == http.MethodPost {
		b, err := io.ReadAll(io.LimitReader(r.Body, maxRequest+1))
		if err != nil || len(b) > maxRequest {
			return oaiRequest{}, badArgument("The request is too long or was cut off.")
		}
		text = strings.Trim(text+"&"+string(b), "&")
	}
	v, err := url.ParseQuery(text)
	if err != nil {
		return oaiRequest{}, &oaiError{"badVerb", "The arguments are not URL-encoded."}
	}
	return parseOAI(v)
}

// answer is one answer being made.
type answer struct {
	service *Service
	now     time.Time
	secret  string
	request oaiRequest
	fault   *oaiError
	body    format.XML
}

func (a *answer) serve(ctx context.Context) error {
	switch a.request.Verb {
	case verbIdentify:
		return a.identify(ctx)
	case verbFormats:
		return a.formats(ctx)
	case verbSets:
		return a.sets(ctx)
	case verbRecord:
		return a.record(ctx)
	}
	return a.list(ctx)
}

func (a *answer) fail(code, text string) error {
	a.fault = &oaiError{code, text}
	return nil
}

// document is the whole answer.
func (a *answer) document() string {
	const ns = "http://www.openarchives.org/OAI/2.0/"
	var x format.XML
	x.Raw(xml.Header)
	x.Open("OAI-PMH", "xmlns", ns, "xmlns:xsi", xsi, "xsi:schemaLocation", ns+" http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
	x.Leaf("responseDate", secondOf(a.now))
	var attrs []string
	if a.fault == nil || a.fault.Code != "badVerb" && a.fault.Code != "badArgument" {
		attrs = append(attrs, "verb", a.request.Verb)
		for _, g := range a.request.given {
			attrs = append(attrs, g[0], g[1])
		}
	}
	x.Leaf("request", a.service.base(), attrs...)
	if a.fault != nil {
		x.Leaf("error", a.fault.Text, "code", a.fault.Code)
	} else {
		x.Open(a.request.Verb).Raw(a.body.String()).Close()
	}
	return x.Close().String() + "\n"
}

const xsi = "http://www.w3.org/2001/XMLSchema-instance"

// base is the address of the provider.
func (s *Service) base() string { return s.Address + "/oai" }

// domain names this node in identifiers: the host of its address, or, where that is no domain name, one made of its region.
func (s *Service) domain() string {
	u, err := url.Parse(s.Address)
	if err == nil && domainShape.MatchString(u.Hostname()) && strings.Trim(u.Hostname(), "0123456789.") != "" {
		return strings.ToLower(u.Hostname())
	}
	return "r" + s.Region + ".qiao.invalid"
}

// identifierOf is the OAI identifier of a resource.
func (s *Service) identifierOf(resource string) string {
	return "oai:" + s.domain() + ":" + resource
}

// resourceOf is the resource an OAI identifier of ours names; ” when it is none of ours.
func (s *Service) resourceOf(identifier string) string {
	rest, ok := strings.CutPrefix(identifier, "oai:"+s.domain()+":")
	if !ok {
		return ""
	}
	return rest
}

func (a *answer) identify(ctx context.Context) error {
	s := a.service
	first, err := earliest(ctx, s.DB)
	if err != nil {
		return err
	}
	if first == "" {
		first = secondOf(a.now)
	}
	x := &a.body
	x.Leaf("repositoryName", s.name()).Leaf("baseURL", s.base()).Leaf("protocolVersion", "2.0").Leaf("adminEmail", s.Mail)
	x.Leaf("earliestDatestamp", first).Leaf("deletedRecord", "persistent").Leaf("granularity", "YYYY-MM-DDThh:mm:ssZ").Leaf("compression", "gzip")
	const oid = "http://www.openarchives.org/OAI/2.0/oai-identifier"
	x.Open("description").Open("oai-identifier", "xmlns", oid, "xsi:schemaLocation", oid+" http://www.openarchives.org/OAI/2.0/oai-identifier.xsd")
	x.Leaf("scheme", "oai").Leaf("repositoryIdentifier", s.domain()).Leaf("delimiter", ":").Leaf("sampleIdentifier", s.identifierOf("01900000-0000-7000-8000-000000000000")).Close().Close()
	return nil
}

// name is the repository's name: the region it serves.
func (s *Service) name() string {
	return "Qiao 桥 " + s.Orgs.RegionPath(s.Region) //i18n:data both languages are here
}

func (a *answer) formats(ctx context.Context) error {
	kind := ""
	if id := a.request.Identifier; id != "" {
		row, err := a.find(ctx, id)
		if err != nil || a.fault != nil {
			return err
		}
		kind = row.Kind
	}
	for _, f := range a.service.shapes() {
		if kind == "" || f.carries(kind) {
			a.body.Open("metadataFormat").Leaf("metadataPrefix", f.prefix).Leaf("schema", f.schema).Leaf("metadataNamespace", f.namespace).Close()
		}
	}
	return nil
}

// find reads the row of an identifier, or notes that there is none.
func (a *answer) find(ctx context.Context, identifier string) (listed, error) {
	resource := a.service.resourceOf(identifier)
	row, err := getListed(ctx, a.service.DB, resource)
	if resource == "" || errors.Is(err, db.ErrNone) {
		return row, a.fail("idDoesNotExist", "No record has this identifier.")
	}
	return row, err
}

func (a *answer) record(ctx context.Context) error {
	row, err := a.find(ctx, a.request.Identifier)
	if err != nil || a.fault != nil {
		return err
	}
	f, ok := a.service.shape(a.request.Prefix)
	if !ok || !f.carries(row.Kind) {
		return a.fail("cannotDisseminateFormat", "The record is not available in this format; see ListMetadataFormats.")
	}
	return a.write(ctx, []listed{row}, f, true)
}
