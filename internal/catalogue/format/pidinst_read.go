package format

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// PidinstReader reads the <instrument> elements of an XML file one by one, wherever in it they stand. Each is cut out before
// it is parsed, so that one that is not well-formed spoils no other.
type PidinstReader struct {
	r     *bufio.Reader
	n     int
	ahead []byte // a tag read already
}

// PidinstRecord is one of them.
type PidinstRecord struct {
	Number int
	Pidinst
	Broken string // as in Entry; or BrokenXML
}

// BrokenXML says that a record is not well-formed.
const BrokenXML = "not-xml"

// ErrEntities says that a file defines entities of its own, which are never read: some are made to fill the memory.
var ErrEntities = errors.New("format: the file defines entities")

// NewPidinst reads from r, which gives UTF-8 whatever its declaration says.
func NewPidinst(r io.Reader) *PidinstReader {
	return &PidinstReader{r: bufio.NewReaderSize(r, 64<<10)}
}

// Next gives the next record, io.EOF at the end; ErrEntities for a file that is not read at all.
func (p *PidinstReader) Next() (PidinstRecord, error) {
	for {
		tag, err := p.markup()
		if err != nil {
			return PidinstRecord{}, err
		}
		if name, _ := tagName(tag); name != "instrument" || bytes.HasPrefix(tag, []byte("</")) {
			continue
		}
		p.n++
		rec := PidinstRecord{Number: p.n}
		text := bytes.Clone(tag)
		if !bytes.HasSuffix(tag, []byte("/>")) {
			if text, rec.Broken, err = p.element(text); err != nil {
				return rec, err
			}
		}
		if rec.Broken == "" {
			if rec.Pidinst, err = parsePidinst(text); err != nil {
				rec.Broken = BrokenXML
			}
		}
		return rec, nil
	}
}

// tagName is the local name of a tag, and its name with the prefix.
func tagName(tag []byte) (local, whole string) {
	s := strings.TrimPrefix(strings.TrimPrefix(string(tag[:min(len(tag), 200)]), "<"), "/")
	if i := strings.IndexAny(s, " \t\r\n/>"); i >= 0 {
		s = s[:i]
	}
	whole = s
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		s = s[i+1:]
	}
	return s, whole
}

// markup moves to the next tag, past text, comments, CDATA and instructions.
func (p *PidinstReader) markup() ([]byte, error) {
	if tag := p.ahead; tag != nil {
		p.ahead = nil
		return tag, nil
	}
	for {
		if err := p.skip("<"); err != nil {
			return nil, err
		}
		head, err := p.r.Peek(9)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		switch {
		case bytes.HasPrefix(head, []byte("!--")):
			err = p.skip("-->")
		case bytes.HasPrefix(head, []byte("![CDATA[")):
			err = p.skip("]]>")
		case bytes.HasPrefix(head, []byte("?")):
			err = p.skip("?>")
		case bytes.HasPrefix(head, []byte("!")):
			err = p.declaration()
		default:
			return p.tag()
		}
		if err != nil {
			return nil, err
		}
	}
}

// skip moves behind a mark.
func (p *PidinstReader) skip(mark string) error {
	at := 0
	for {
		c, err := p.r.ReadByte()
		if err != nil {
			return err
		}
		switch {
		case c == mark[at]:
			if at++; at == len(mark) {
				return nil
			}
		case mark[0] == c:
			at = 1 + strings.LastIndexByte(mark[:at], c) // "--->": the dashes go on
			at = min(max(at, 1), len(mark)-1)
		default:
			at = 0
		}
	}
}

// declaration passes a document type over; one that defines entities ends the reading.
func (p *PidinstReader) declaration() error {
	for {
		c, err := p.r.ReadByte()
		if err != nil {
			return err
		}
		switch c {
		case '[':
			return ErrEntities
		case '>':
			return nil
		}
	}
}

// tag reads up to the end of a tag, whose attributes may hold brackets.
func (p *PidinstReader) tag() ([]byte, error) {
	out := []byte{'<'}
	quote := byte(0)
	for {
		c, err := p.r.ReadByte()
		if err != nil {
			return nil, err
		}
		if len(out) < maxEntry {
			out = append(out, c)
		}
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return out, nil
		case c == '<': // the tag before was not one
			out = out[:1]
		}
	}
}

// element reads up to the end of an element whose first tag is read; where the next one begins before, it is cut off.
func (p *PidinstReader) element(text []byte) (out []byte, broken string, err error) {
	_, name := tagName(text)
	closing := []byte("</")
	quiet := "" // what ends a comment or CDATA section
	from := len(text)
	for {
		c, err := p.r.ReadByte()
		if errors.Is(err, io.EOF) {
			return text, BrokenOpen, nil
		}
		if err != nil {
			return text, "", err
		}
		if len(text) >= maxEntry {
			broken = BrokenLong
			text = append(text[:0], text[len(text)-64:]...) // enough to see the end
			from = 0
		}
		text = append(text, c)
		switch tail := text[max(from, len(text)-9):]; {
		case quiet != "":
			if bytes.HasSuffix(text[from:], []byte(quiet)) {
				quiet, from = "", len(text)
			}
		case c == '-' && bytes.HasSuffix(tail, []byte("<!--")):
			quiet, from = "-->", len(text)
		case c == '[' && bytes.HasSuffix(tail, []byte("<![CDATA[")):
			quiet, from = "]]>", len(text)
		case c == '>':
			i := bytes.LastIndexByte(text, '<')
			if i < 0 {
				continue
			}
			if _, tag := tagName(text[i:]); tag != name {
				continue
			}
			if bytes.HasPrefix(text[i:], closing) {
				return text, broken, nil
			}
			p.ahead = bytes.Clone(text[i:])
			return text[:i], BrokenOpen, nil
		}
	}
}

// parsePidinst reads one element; prefixes that an outer element explained are as good as explained.
func parsePidinst(text []byte) (Pidinst, error) {
	type typed struct {
		Text string `xml:",chardata"`
		Kind string `xml:"identifierType,attr"`
		Date string `xml:"dateType,attr"`
		Alt  string `xml:"alternateIdentifierType,attr"`
	}
	var x struct {
		Identifier typed    `xml:"identifier"`
		Version    string   `xml:"schemaVersion"`
		Landing    string   `xml:"landingPage"`
		Name       string   `xml:"name"`
		Owners     []string `xml:"owners>owner>ownerName"`
		Makers     []string `xml:"manufacturers>manufacturer>manufacturerName"`
		Model      string   `xml:"model>modelName"`
		About      string   `xml:"description"`
		Types      []string `xml:"instrumentTypes>instrumentType>instrumentTypeName"`
		Variables  []string `xml:"measuredVariables>measuredVariable"`
		Dates      []typed  `xml:"dates>date"`
		Others     []typed  `xml:"alternateIdentifiers>alternateIdentifier"`
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Entity = xml.HTMLEntity
	if err := d.Decode(&x); err != nil {
		return Pidinst{}, fmt.Errorf("read an instrument: %w", err)
	}
	trim := strings.TrimSpace
	out := Pidinst{Identifier: PidinstID{trim(x.Identifier.Text), trim(x.Identifier.Kind)}, SchemaVersion: trim(x.Version), LandingPage: trim(x.Landing), Name: trim(x.Name), Description: trim(x.About)}
	for _, o := range x.Owners {
		out.Owners = append(out.Owners, PidinstOwner{Name: trim(o)})
	}
	for _, m := range x.Makers {
		out.Manufacturers = append(out.Manufacturers, PidinstMaker{Name: trim(m)})
	}
	if m := trim(x.Model); m != "" {
		out.Model = &PidinstModel{Name: m}
	}
	for _, t := range x.Types {
		out.InstrumentTypes = append(out.InstrumentTypes, PidinstType{Name: trim(t)})
	}
	for _, v := range x.Variables {
		out.MeasuredVariables = append(out.MeasuredVariables, trim(v))
	}
	for _, v := range x.Dates {
		out.Dates = append(out.Dates, PidinstDate{Date: trim(v.Text), Type: v.Date})
	}
	for _, a := range x.Others {
		out.AlternateIdentifiers = append(out.AlternateIdentifiers, PidinstAlternate{Identifier: trim(a.Text), Type: a.Alt})
	}
	return out, nil
}
