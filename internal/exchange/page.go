package exchange

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"
)

// page is an answer of another repository.
type page struct {
	XMLName      xml.Name    `xml:"OAI-PMH"`
	ResponseDate string      `xml:"responseDate"`
	Errors       []pageError `xml:"error"`
	Identify     struct {
		Name        string `xml:"repositoryName"`
		Version     string `xml:"protocolVersion"`
		Granularity string `xml:"granularity"`
		Deleted     string `xml:"deletedRecord"`
	} `xml:"Identify"`
	Formats []struct {
		Prefix string `xml:"metadataPrefix"`
	} `xml:"ListMetadataFormats>metadataFormat"`
	Records []pageRecord `xml:"ListRecords>record"`
	Token   string       `xml:"ListRecords>resumptionToken"`
}

type pageError struct {
	Code string `xml:"code,attr"`
	Text string `xml:",chardata"`
}

type pageRecord struct {
	Header struct {
		Status     string `xml:"status,attr"`
		Identifier string `xml:"identifier"`
		Datestamp  string `xml:"datestamp"`
	} `xml:"header"`
	Metadata struct {
		Inner []byte `xml:",innerxml"`
	} `xml:"metadata"`
	About []struct {
		Inner []byte `xml:",innerxml"`
	} `xml:"about"`
}

// origin is a record's oldest origin, as its provenance tells it.
type origin struct {
	Base       string  `xml:"baseURL"`
	Identifier string  `xml:"identifier"`
	Before     *origin `xml:"originDescription"`
}

// readPage reads an answer. What XML cannot hold is dropped first, and an answer that is not quite well-formed is read
// as far as it goes: one bad record does not cost a page.
func readPage(data []byte) (page, error) {
	data = clean(data)
	var p page
	err := xml.Unmarshal(data, &p)
	if err == nil {
		return p, nil
	}
	p = page{}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	if loose := d.Decode(&p); loose != nil {
		return p, fmt.Errorf("read the answer: %w", err)
	}
	return p, nil
}

// clean drops control characters and broken UTF-8.
func clean(data []byte) []byte {
	bad := func(r rune) bool {
		return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
	}
	if utf8.Valid(data) && bytes.IndexFunc(data, bad) < 0 {
		return data
	}
	return bytes.Map(func(r rune) rune {
		if bad(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, data)
}

// first is where the record was published first; empty when it does not say.
func (r pageRecord) first() origin {
	for _, a := range r.About {
		var p struct {
			Origin *origin `xml:"originDescription"`
		}
		if xml.Unmarshal(a.Inner, &p) != nil || p.Origin == nil {
			continue
		}
		o := p.Origin
		for depth := 0; o.Before != nil && depth < 20; depth++ {
			o = o.Before
		}
		return *o
	}
	return origin{}
}

// origins are the identifiers of every place the record has been, as its provenance tells.
func (r pageRecord) origins() []string {
	var out []string
	for _, a := range r.About {
		var p struct {
			Origin *origin `xml:"originDescription"`
		}
		if xml.Unmarshal(a.Inner, &p) != nil {
			continue
		}
		for o, depth := p.Origin, 0; o != nil && depth < 20; o, depth = o.Before, depth+1 {
			out = append(out, strings.TrimSpace(o.Identifier))
		}
	}
	return out
}
