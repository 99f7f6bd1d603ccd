//i18n:data labels of fields, kept in both languages side by side

package kinds

// All describes every kind of resource (decisions: institutions are organisations and not among them).
func All() Set {
	return Set{
		{Name: "instrument", ZH: "仪器设备", EN: "Instrument", Bookable: true, Orders: true, Template: true, Fields: instrument()},
		{Name: "facility", ZH: "科研设施", EN: "Research facility", Bookable: true, Orders: true, Template: true, Fields: common(facility()...)},
		{Name: "base", ZH: "科研基地", EN: "Research base", Fields: common(append(place(), base()...)...)},
		{Name: "service", ZH: "科技服务", EN: "Service", Orders: true, Template: true, Fields: service()},
		{Name: "literature", ZH: "科技文献", EN: "Literature", Fields: common(publication()...)},
		{Name: "standard", ZH: "标准", EN: "Standard", Fields: common(publication()...)},
		{Name: "dataset", ZH: "科学数据", EN: "Dataset", Fields: common(publication()...)},
		{Name: "achievement", ZH: "科技成果", EN: "Achievement", Fields: common(achievement()...)},
		{Name: "expert", ZH: "科技专家", EN: "Expert", Orders: true, Template: true, Fields: expert()},
		{Name: "professional", ZH: "技术经理人", EN: "Technology broker", Fields: common(subjects())},
		{Name: "investor", ZH: "科技金融机构", EN: "Investor", Fields: common(subjects())},
	}
}

// Groups lists the sections in the order of a page.
func Groups() []Group {
	return []Group{
		{"basic", "基本信息", "Basics"},
		{"technical", "技术与功能", "Technique"},
		{"service", "开放与服务", "Access and service"},
		{"place", "地点与联系", "Place and contact"},
		{"customs", "海关监管", "Customs supervision"},
	}
}

// common is the core every kind has, followed by the fields of the kind and the contact.
func common(own ...Field) []Field {
	core := []Field{
		{Name: "name_zh", ZH: "名称", EN: "Chinese name", Type: Text, Max: 100, Core: true, Group: "basic", Also: []string{"中文名称", "资源名称"}},
		{Name: "name_en", ZH: "英文名称", EN: "English name", Type: Text, Max: 200, Core: true, Group: "basic", Also: []string{"name en"}},
		sourceID(),
		{Name: "summary", ZH: "简介", EN: "Summary", Type: Long, Max: 2000, Core: true, Group: "basic", Also: []string{"描述", "说明", "summary", "abstract", "description"}},
	}
	return append(append(core, own...), contact()...)
}

func sourceID() Field {
	return Field{Name: "source_id", ZH: "单位内部编号", EN: "Own number", Type: Text, Max: 100, Core: true, Group: "basic",
		HintZH: "在贵单位内唯一；留空时按名称、型号、出厂编号和安放位置识别。", HintEN: "Unique within your organisation; if empty, name, model, serial number and place identify it.",
		NRII: "innerId", Column: "所在单位仪器编号", Also: []string{"编号", "资产编号", "id", "source id", "instrument id", "eus instrument id", "asset number"}}
}

func contact() []Field {
	return []Field{
		{Name: "website", ZH: "网址", EN: "Website", Type: Link, Max: 300, Group: "place", Also: []string{"web address", "url", "website"}},
		{Name: "contact", ZH: "联系人", EN: "Contact", Type: Text, Max: 100, Group: "place", Hidden: true, NRII: "contact", Column: "联系人", Also: []string{"contact name"}},
		{Name: "phone", ZH: "电话", EN: "Telephone", Type: Text, Max: 60, Group: "place", Hidden: true, NRII: "phone", Column: "电话", Also: []string{"联系电话", "contact telephone", "phone", "tel"}},
		{Name: "email", ZH: "电子邮箱", EN: "E-mail", Type: Mail, Max: 100, Group: "place", Hidden: true, NRII: "email", Column: "电子邮箱", Also: []string{"邮箱", "contact email", "mail"}},
	}
}

func subjects() Field {
	return Field{Name: "subjects", ZH: "主要学科领域", EN: "Disciplines", Type: List, Items: 4, Max: 50, Group: "technical", HintZH: "GB/T 13745 一级学科，最多 4 个，用逗号分隔。", HintEN: "First level of GB/T 13745, at most four, separated by commas.",
		NRII: "subject", Column: "主要学科领域", Also: []string{"学科", "学科领域", "realm", "subject", "discipline"}}
}

func place() []Field {
	return []Field{
		subjects(),
		{Name: "department", ZH: "所属部门", EN: "Department", Type: Text, Max: 100, Group: "basic", Column: "所属单位", Also: []string{"部门", "院系", "department"}},
		{Name: "province", ZH: "安放地址-省", EN: "Province", Type: Text, Max: 50, Group: "place", NRII: "province", Column: "安放地址-省"},
		{Name: "city", ZH: "安放地址-市", EN: "City", Type: Text, Max: 50, Group: "place", NRII: "city", Column: "安放地址-市"},
		{Name: "county", ZH: "安放地址-区县", EN: "County", Type: Text, Max: 50, Group: "place", NRII: "county", Column: "安放地址-区县"},
		{Name: "street", ZH: "安放地址-街道", EN: "Street", Type: Text, Max: 100, Group: "place", NRII: "street", Column: "安放地址-街道（乡镇）", Also: []string{"site location"}},
		{Name: "room", ZH: "安放房间", EN: "Room", Type: Text, Max: 100, Group: "place", Also: []string{"房间", "地点", "安放位置", "room", "room number", "building", "place"}},
		{Name: "requirement", ZH: "对外开放共享规定", EN: "Rules of access", Type: Long, Max: 500, Group: "service", NRII: "requirement", Column: "对外开放共享规定", Also: []string{"如何使用", "使用须知", "access rules"}},
	}
}

func facility() []Field {
	out := place()
	for _, f := range append(technique(), opening()...) {
		switch f.Name {
		case "technical", "function", "technique", "content", "image", "share_mode", "service_url", "service_level":
			out = append(out, f)
		}
	}
	return append(out, postal())
}

func postal() Field {
	return Field{Name: "address", ZH: "通讯地址", EN: "Postal address", Type: Text, Max: 200, Group: "place", NRII: "address", Column: "通讯地址"}
}

func base() []Field {
	return []Field{
		{Name: "level", ZH: "级别", EN: "Level", Type: Text, Max: 50, Group: "basic"},
		{Name: "series", ZH: "系列", EN: "Series", Type: Text, Max: 100, Group: "basic"},
		{Name: "established", ZH: "建设日期", EN: "Established", Type: Date, Group: "basic"},
	}
}

func publication() []Field {
	return []Field{
		subjects(),
		{Name: "authors", ZH: "作者", EN: "Authors", Type: List, Items: 50, Max: 100, Group: "basic"},
		{Name: "identifier", ZH: "标识", EN: "Identifier", Type: Text, Max: 200, Group: "basic", HintZH: "DOI、标准号或 CSTR。", HintEN: "DOI, standard number or CSTR."},
		{Name: "published", ZH: "发布日期", EN: "Published", Type: Date, Group: "basic"},
		{Name: "terms", ZH: "使用条件", EN: "Terms of use", Type: Long, Max: 500, Group: "service"},
	}
}

func achievement() []Field {
	return []Field{
		subjects(),
		{Name: "maturity", ZH: "技术成熟度", EN: "Readiness level", Type: One, Group: "technical", Choices: readiness()},
		{Name: "patents", ZH: "知识产权", EN: "Intellectual property", Type: List, Items: 30, Max: 60, Group: "technical"},
		{Name: "transfer", ZH: "转化方式", EN: "Ways of transfer", Type: List, Items: 6, Max: 30, Group: "service"},
	}
}

func readiness() []Choice {
	out := make([]Choice, 0, 9)
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		out = append(out, Choice{Value: n, ZH: n + " 级", EN: "TRL " + n, Also: []string{"TRL" + n}})
	}
	return out
}
