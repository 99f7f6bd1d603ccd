//i18n:data names of the national platform's fields, kept in both languages side by side

package format

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/catalogue/kinds"
)

// The national platform's instruType.
const (
	NRIICentre     = 1
	NRIIFacility   = 2
	NRIIUnit       = 3
	NRIIInstrument = 4
)

// The national platform's auditStatus.
const (
	NRIIOpen   = -1 // not submitted: may be sent again
	NRIILocked = 0  // submitted: later pushes are ignored until the national side rejects it
)

// NRIIField is one field of the national platform's interface.
type NRIIField struct {
	Key    string
	ZH, EN string // what it is called
	Field  string // of the record; '' where it is derived
	Max    int    // characters; 0: the choices or the form say it
	Items  int    // at most so many values; 0: one
	Need   bool   // the platform's form asks for it of every instrument
}

// NRIISpec is the field list of one vintage of the national interface.
type NRIISpec struct {
	Since  string // first day it is used here
	Source string
	Fields []NRIIField
}

// NRII is the field list in force: the interface of 2016 as public client code has it. The national platform
// may have changed since; a newer list is a newer value here.
func NRII() NRIISpec {
	return NRIISpec{Since: "2016-01-01", Source: "重大科研基础设施和大型科研仪器国家网络管理平台，单位在线服务平台接口字段（2016 年版，据公开客户端代码整理）", Fields: []NRIIField{
		{"innerId", "所在单位仪器编号", "Own number", "source_id", 100, 0, true},
		{"cname", "仪器设备名称", "Chinese name", "name_zh", 50, 0, true},
		{"ename", "英文名称", "English name", "name_en", 100, 0, false},
		{"instrBelongsType", "所属仪器类型", "Part of (type)", "belongs_type", 0, 0, false},
		{"instrBelongsName", "所属仪器内部编号", "Part of (own number)", "belongs_to", 45, 0, false},
		{"instrCategory", "仪器分类编码", "Class code", "class", 6, 0, true},
		{"instrSource", "设备仪器来源", "How acquired", "acquired_by", 0, 0, true},
		{"instrSupervise", "海关监管情况", "Under customs supervision", "customs", 0, 0, true},
		{"worth", "原值", "Original value", "worth", 0, 0, true},
		{"nation", "产地国别", "Country of origin", "nation", 40, 0, true},
		{"manufacturer", "生产制造商", "Manufacturer", "maker", 100, 0, true},
		{"beginDate", "启用日期", "In use since", "commissioned", 10, 0, true},
		{"type", "仪器设备类别", "General or special", "instrument_type", 0, 0, true},
		{"instrVersion", "规格型号", "Model", "model", 100, 0, true},
		{"technical", "主要技术指标", "Specifications", "technical", 500, 0, true},
		{"function", "主要功能", "Functions", "function", 300, 0, true},
		{"subject", "主要学科领域", "Disciplines", "subjects", 0, 4, true},
		{"serviceContent", "服务内容", "Services offered", "content", 200, 0, true},
		{"achievement", "服务典型成果", "Typical results", "achievement", 500, 0, false},
		{"status", "运行状态", "Condition", "condition", 0, 0, true},
		{"requirement", "对外开放共享规定", "Rules of access", "requirement", 500, 0, true},
		{"fee", "参考收费标准", "Fees as written", "fee", 500, 0, true},
		{"serviceUrl", "预约服务网址", "Owner's booking page", "service_url", 150, 0, false},
		{"province", "安放地址-省", "Province", "province", 50, 0, true},
		{"city", "安放地址-市", "City", "city", 50, 0, true},
		{"county", "安放地址-区县", "County", "county", 50, 0, true},
		{"street", "安放地址-街道", "Street", "street", 100, 0, true},
		{"contact", "联系人", "Contact", "contact", 20, 0, true},
		{"phone", "电话", "Telephone", "phone", 60, 0, true},
		{"email", "电子邮箱", "E-mail", "email", 50, 0, true},
		{"address", "通讯地址", "Postal address", "address", 100, 0, true},
		{"postalcode", "邮政编码", "Postal code", "postcode", 6, 0, true},
		{"shareMode", "共享模式", "Sharing", "share_mode", 0, 0, true},
		{"image", "图片", "Picture", "image", 150, 0, false},
	}}
}

// NRIIIssue is what is wrong with one field for the national platform.
type NRIIIssue struct {
	Field NRIIField
	Code  string // missing, too-long, too-many
	Has   int    // characters or values it has
}

// NRIIRecord is a record in the national platform's keys. Contact data of persons is in it only with contacts:
// for the platform itself, to whom the owner reports it.
func NRIIRecord(r Record, contacts bool) map[string]any {
	out := map[string]any{"auditStatus": NRIIOpen}
	for _, f := range NRII().Fields {
		own, _ := r.Kind.Field(f.Field)
		if own.Hidden && !contacts {
			continue
		}
		if v := nriiText(r, f, own); v != "" {
			out[f.Key] = v
		}
	}
	for _, f := range r.Kind.Fields { // customs supervision and what later vintages add
		if _, there := out[f.NRII]; f.NRII == "" || f.Hidden || there || f.NRII == "innerId" {
			continue
		}
		if v := r.Value(f.Name); v != nil {
			out[f.NRII] = nriiShow(f, v)
		}
	}
	return out
}

// NRIIKind is the instruType of a record.
func NRIIKind(r Record) int {
	if r.Kind.Name == "facility" {
		return NRIIFacility
	}
	return NRIIInstrument
}

// NRIIIssues lists what the national platform would refuse: what is missing, too long or too many.
func NRIIIssues(r Record) []NRIIIssue {
	var out []NRIIIssue
	for _, f := range NRII().Fields {
		own, known := r.Kind.Field(f.Field)
		if !known {
			continue // not a field of this kind
		}
		v := nriiText(r, f, own)
		if v == "" {
			if f.Need {
				out = append(out, NRIIIssue{f, "missing", 0})
			}
			continue
		}
		if n := utf8.RuneCountInString(v); f.Max > 0 && n > f.Max {
			out = append(out, NRIIIssue{f, "too-long", n})
		}
		if n := len(r.List(f.Field)); f.Items > 0 && n > f.Items {
			out = append(out, NRIIIssue{f, "too-many", n})
		}
	}
	return out
}

func nriiText(r Record, f NRIIField, own kinds.Field) string {
	if f.Key == "innerId" {
		return cmp.Or(r.SourceID, r.ID)
	}
	v := r.Value(f.Field)
	if v == nil {
		return ""
	}
	return nriiShow(own, v)
}

func nriiShow(f kinds.Field, v any) string {
	return strings.ReplaceAll(f.Show(v, false), "、", ",") // the platform separates lists by commas
}

// NRIINamespace is the XML namespace of the national platform's fields in harvests; its own interface is JSON.
const NRIINamespace = "urn:qiao:nrii:2016"

// NRIIXML is a record in the national platform's keys as XML, without contact data.
func NRIIXML(r Record, schema string) string {
	var x XML
	x.Open("instrument", "xmlns", NRIINamespace, "xmlns:xsi", xsi, "xsi:schemaLocation", NRIINamespace+" "+schema)
	values := NRIIRecord(r, false)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		x.Leaf(key, fmt.Sprint(values[key]))
	}
	return x.Close().String()
}
