//i18n:data labels of fields, kept in both languages side by side

package kinds

// All describes every kind of resource (decisions: institutions are organisations and not among them). Partners abroad are
// resources of any kind with a country. One description serves the form, the import, the API, the checks, the exports, the
// search and its facets.
func All() Set {
	set := Set{
		{Name: "instrument", ZH: "仪器设备", EN: "Instrument", Bookable: true, Orders: true, Fields: instrument(), TextZH: "可以预约机时或委托测试的单台仪器。", TextEN: "A single instrument that is booked by the hour or tested with on commission."},
		{Name: "facility", ZH: "科研设施", EN: "Research facility", Bookable: true, Orders: true, Fields: common(facility()...), TextZH: "大科学装置、试验平台、中试线等成套设施。", TextEN: "A large research facility, test bed, pilot line or other complete plant."},
		{Name: "base", ZH: "科研基地", EN: "Research base", Fields: common(base()...), TextZH: "重点实验室、工程中心、孵化器、众创空间、中试基地等平台。", TextEN: "A laboratory, engineering centre, incubator, makerspace, pilot base or other platform."},
		{Name: "service", ZH: "科技服务", EN: "Service", Orders: true, Fields: service(), TextZH: "检测、研发、设计、科技查新、文献传递等可以下单的服务。", TextEN: "Tests, research, design, novelty searches, literature delivery and whatever else is ordered."},
		{Name: "literature", ZH: "科技文献", EN: "Literature", Fields: common(literature()...), TextZH: "论文、报告、专利文献、数据库及其获取方式。", TextEN: "Papers, reports, patents, databases and how to get them."},
		{Name: "standard", ZH: "标准", EN: "Standard", Fields: common(standard()...), TextZH: "国际、国家、行业、地方、团体和企业标准。", TextEN: "International, national, sector, local, association and company standards."},
		{Name: "dataset", ZH: "科学数据", EN: "Dataset", Fields: common(dataset()...), TextZH: "可供查阅或申请使用的科学数据。", TextEN: "Scientific data that is open or can be asked for."},
		{Name: "achievement", ZH: "科技成果", EN: "Achievement", Fields: common(achievement()...), TextZH: "可以转让、许可或合作转化的科技成果和技术供给。", TextEN: "A result or technology that is transferred, licensed or developed together."},
		{Name: "expert", ZH: "科技专家", EN: "Expert", Orders: true, Personal: true, Fields: expert(), TextZH: "愿意为企业诊断和解决技术难题的专家。", TextEN: "A person who diagnoses and solves technical problems for enterprises."},
		{Name: "professional", ZH: "专业服务", EN: "Professional service", Orders: true, Fields: common(professional()...), TextZH: "知识产权、财税、法律、人力、项目申报和技术转移服务。", TextEN: "Intellectual property, finance, law, personnel, project applications and technology transfer."},
		{Name: "investor", ZH: "科技金融", EN: "Investor", Fields: common(investor()...), TextZH: "面向科技企业的投资、贷款、担保和保险机构。", TextEN: "Institutions that invest in technology enterprises, lend to them, stand surety or insure them."},
	}
	for i := range set {
		set[i].Template = true
		for j := range set[i].Fields {
			f := &set[i].Fields[j]
			f.Search, f.Export = f.words(), !f.Hidden
		}
	}
	return set
}

// Groups lists the sections in the order of a page.
func Groups() []Group {
	return []Group{
		{"basic", "基本信息", "Basics"},
		{"technical", "技术与功能", "Technique"},
		{"service", "开放与服务", "Access and service"},
		{"enquiry", "查新与文献传递", "Novelty search and literature"},
		{"history", "建设与评估", "Establishment and reviews"},
		{"rights", "知识产权与转化", "Rights and transfer"},
		{"place", "地点与联系", "Place and contact"},
		{"customs", "海关监管", "Customs supervision"},
	}
}

// common is the core every kind has, followed by the fields of the kind and the contact.
func common(own ...Field) []Field {
	core := []Field{
		{Name: "name_zh", ZH: "名称", EN: "Chinese name", Type: Text, Max: 100, Core: true, Publish: true, Element: "资源名称", Group: "basic", Also: []string{"中文名称", "资源名称"}},
		{Name: "name_en", ZH: "英文名称", EN: "English name", Type: Text, Max: 200, Core: true, Group: "basic", Also: []string{"name en"}},
		sourceID(),
		{Name: "summary", ZH: "简介", EN: "Summary", Type: Long, Max: 2000, Core: true, Wanted: true, Element: "描述", Group: "basic", Also: []string{"描述", "说明", "summary", "abstract", "description"}},
	}
	for _, f := range own {
		if f.Name == "keywords" { // a kind may have its own name for them
			return append(append(core, own...), contact()...)
		}
	}
	return append(append(append(core, keywords()), own...), contact()...)
}

func sourceID() Field {
	return Field{Name: "source_id", ZH: "单位内部编号", EN: "Own number", Type: Text, Max: 100, Core: true, Element: "标识符", Group: "basic",
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
	return Field{Name: "subjects", ZH: "主要学科领域", EN: "Disciplines", Type: List, Items: 4, Max: 50, Facet: true, Wanted: true, Group: "technical", HintZH: "GB/T 13745 一级学科，最多 4 个，用逗号分隔。", HintEN: "First level of GB/T 13745, at most four, separated by commas.",
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

func postal() Field {
	return Field{Name: "address", ZH: "通讯地址", EN: "Postal address", Type: Text, Max: 200, Group: "place", NRII: "address", Column: "通讯地址"}
}
