"""Countries: their names, what their people are called, and where their governments sit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

# name, other names | adjective and nationals (a plural in -s is understood) | capital and seats.
# Words that are as often another country's, or a person's name, are left out on purpose.
_TABLE = """
Afghanistan|Afghan|Kabul
Albania|Albanian|Tirana
Algeria|Algerian|Algiers
Andorra|Andorran|Andorra la Vella
Angola|Angolan|Luanda
Antigua and Barbuda|Antiguan|
Argentina|Argentine,Argentinian|Buenos Aires,Casa Rosada
Armenia|Armenian|Yerevan
Australia|Australian|Canberra
Austria|Austrian|Vienna
Azerbaijan|Azerbaijani,Azeri|Baku
Bahamas|Bahamian|Nassau
Bahrain|Bahraini|Manama
Bangladesh|Bangladeshi|Dhaka
Barbados|Barbadian|Bridgetown
Belarus|Belarusian,Belarussian|Minsk
Belgium|Belgian|
Belize|Belizean|Belmopan
Benin|Beninese|Porto-Novo
Bhutan|Bhutanese|Thimphu
Bolivia|Bolivian|La Paz
Bosnia and Herzegovina,Bosnia,Bosnia-Herzegovina|Bosnian|Sarajevo
Botswana|Batswana|Gaborone
Brazil|Brazilian|Brasilia,Planalto
Brunei|Bruneian|Bandar Seri Begawan
Bulgaria|Bulgarian|Sofia
Burkina Faso|Burkinabe|Ouagadougou
Burundi|Burundian|Bujumbura,Gitega
Cambodia|Cambodian|Phnom Penh
Cameroon|Cameroonian|Yaounde
Canada|Canadian|Ottawa
Cape Verde,Cabo Verde|Cape Verdean|Praia
Central African Republic||Bangui
Chad|Chadian|N'Djamena
Chile|Chilean|La Moneda
China,People's Republic of China,PRC|Chinese|Beijing,Zhongnanhai
Colombia|Colombian|Bogota
Comoros|Comorian|Moroni
Costa Rica|Costa Rican|
Croatia|Croatian,Croat|Zagreb
Cuba|Cuban|Havana
Cyprus|Cypriot|Nicosia
Czech Republic,Czechia|Czech|Prague
Democratic Republic of the Congo,Democratic Republic of Congo,DR Congo,DRC|Congolese|Kinshasa
Denmark|Danish,Dane|Copenhagen,Christiansborg
Djibouti|Djiboutian|
Dominica||Roseau
Dominican Republic|Dominican|Santo Domingo
Ecuador|Ecuadorian,Ecuadorean|Quito
Egypt|Egyptian|Cairo
El Salvador|Salvadoran,Salvadorean|San Salvador
Equatorial Guinea|Equatoguinean,Equatorial Guinean|Malabo
Eritrea|Eritrean|Asmara
Estonia|Estonian|Tallinn
Eswatini,Swaziland|Swazi|Mbabane
Ethiopia|Ethiopian|Addis Ababa
Fiji|Fijian|Suva
Finland|Finnish,Finn|Helsinki
France|French,Frenchman,Frenchmen,Frenchwoman|Paris,Elysee,Quai d'Orsay,Matignon
Gabon|Gabonese|Libreville
Gambia|Gambian|Banjul
Georgia|Georgian|Tbilisi
Germany,Federal Republic of Germany|German|Berlin
Ghana|Ghanaian|Accra
Greece|Greek|Athens
Greenland|Greenlandic,Greenlander|Nuuk
Grenada|Grenadian|
Guatemala|Guatemalan|Guatemala City
Guinea|Guinean|Conakry
Guinea-Bissau|Bissau-Guinean|Bissau
Guyana|Guyanese|Georgetown
Haiti|Haitian|Port-au-Prince
Honduras|Honduran|Tegucigalpa
Hong Kong|Hong Konger,Hongkonger|
Hungary|Hungarian|Budapest
Iceland|Icelandic,Icelander|Reykjavik
India|Indian|New Delhi,Delhi
Indonesia|Indonesian|Jakarta
Iran,Islamic Republic of Iran|Iranian|Tehran,Teheran
Iraq|Iraqi|Baghdad
Ireland,Republic of Ireland|Irish,Irishman,Irishmen|Dublin
Israel|Israeli|Jerusalem,Tel Aviv
Italy|Italian|Rome,Palazzo Chigi
Ivory Coast,Cote d'Ivoire|Ivorian|Abidjan,Yamoussoukro
Jamaica|Jamaican|Kingston
Japan|Japanese|Tokyo
Jordan|Jordanian|Amman
Kazakhstan|Kazakh,Kazakhstani|Astana,Nur-Sultan
Kenya|Kenyan|Nairobi
Kiribati||Tarawa
Kosovo|Kosovar,Kosovan|Pristina
Kuwait|Kuwaiti|Kuwait City
Kyrgyzstan|Kyrgyz|Bishkek
Laos|Lao,Laotian|Vientiane
Latvia|Latvian|Riga
Lebanon|Lebanese|Beirut
Lesotho|Basotho|Maseru
Liberia|Liberian|Monrovia
Libya|Libyan|Tripoli
Liechtenstein||Vaduz
Lithuania|Lithuanian|Vilnius
Luxembourg|Luxembourger,Luxembourgish|
Madagascar|Malagasy|Antananarivo
Malawi|Malawian|Lilongwe
Malaysia|Malaysian|Kuala Lumpur,Putrajaya
Maldives|Maldivian|
Mali|Malian|Bamako
Malta|Maltese|Valletta
Marshall Islands|Marshallese|Majuro
Mauritania|Mauritanian|Nouakchott
Mauritius|Mauritian|Port Louis
Mexico|Mexican|Mexico City
Micronesia|Micronesian|Palikir
Moldova|Moldovan|Chisinau
Monaco|Monegasque|
Mongolia|Mongolian|Ulaanbaatar,Ulan Bator
Montenegro|Montenegrin|Podgorica
Morocco|Moroccan|Rabat
Mozambique|Mozambican|Maputo
Myanmar,Burma|Burmese|Naypyidaw,Nay Pyi Taw
Namibia|Namibian|Windhoek
Nauru|Nauruan|
Nepal|Nepali,Nepalese|Kathmandu
Netherlands,Holland|Dutch,Dutchman,Dutchmen|The Hague,Hague,Amsterdam
New Zealand|New Zealander|Wellington
Nicaragua|Nicaraguan|Managua
Niger|Nigerien|Niamey
Nigeria|Nigerian|Abuja
North Korea,DPRK|North Korean|Pyongyang
North Macedonia,Macedonia|Macedonian|Skopje
Norway|Norwegian|Oslo
Oman|Omani|Muscat
Pakistan|Pakistani|Islamabad,Rawalpindi
Palau|Palauan|
Palestine,State of Palestine|Palestinian|Ramallah,Palestinian Authority
Panama|Panamanian|Panama City
Papua New Guinea|Papua New Guinean|Port Moresby
Paraguay|Paraguayan|Asuncion
Peru|Peruvian|
Philippines|Filipino,Filipina,Philippine|Manila,Malacanang
Poland|Polish,Pole|Warsaw
Portugal|Portuguese|Lisbon
Qatar|Qatari|Doha
Republic of the Congo,Congo-Brazzaville||Brazzaville
Romania|Romanian|Bucharest
Russia,Russian Federation|Russian|Moscow,Kremlin
Rwanda|Rwandan|Kigali
Saint Kitts and Nevis,St Kitts and Nevis|Kittitian|Basseterre
Saint Lucia,St Lucia|Saint Lucian,St Lucian|Castries
Saint Vincent and the Grenadines|Vincentian|Kingstown
Samoa|Samoan|Apia
San Marino|Sammarinese|
Sao Tome and Principe|Sao Tomean|
Saudi Arabia,Kingdom of Saudi Arabia,KSA|Saudi,Saudi Arabian|Riyadh
Senegal|Senegalese|Dakar
Serbia|Serbian,Serb|Belgrade
Seychelles|Seychellois|
Sierra Leone|Sierra Leonean|Freetown
Singapore|Singaporean|
Slovakia,Slovak Republic|Slovak,Slovakian|Bratislava
Slovenia|Slovenian,Slovene|Ljubljana
Solomon Islands|Solomon Islander|Honiara
Somalia|Somali,Somalian|Mogadishu
Somaliland|Somalilander|Hargeisa
South Africa|South African|Pretoria,Union Buildings
South Korea,Republic of Korea,ROK|South Korean|Seoul,Blue House
South Sudan|South Sudanese|Juba
Spain|Spanish,Spaniard|Madrid,Moncloa
Sri Lanka|Sri Lankan|Colombo
Sudan|Sudanese|Khartoum
Suriname|Surinamese|Paramaribo
Sweden|Swedish,Swede|Stockholm
Switzerland|Swiss|Bern,Berne
Syria,Syrian Arab Republic|Syrian|Damascus
Taiwan,Republic of China|Taiwanese|Taipei
Tajikistan|Tajik,Tajikistani|Dushanbe
Tanzania|Tanzanian|Dodoma,Dar es Salaam
Thailand|Thai|Bangkok
Tibet|Tibetan|Lhasa
Timor-Leste,East Timor|Timorese,East Timorese|Dili
Togo|Togolese|Lome
Tonga|Tongan|Nuku'alofa
Trinidad and Tobago,Trinidad|Trinidadian|Port of Spain
Tunisia|Tunisian|Tunis
Turkey,Turkiye|Turkish,Turk|Ankara
Turkmenistan|Turkmen|Ashgabat
Tuvalu|Tuvaluan|Funafuti
Uganda|Ugandan|Kampala
Ukraine|Ukrainian|Kyiv,Kiev,Bankova
United Arab Emirates,UAE,Emirates|Emirati|Abu Dhabi
United Kingdom,UK,Britain,Great Britain|British,Briton|London,Downing Street,Whitehall
United States,United States of America,US,USA,America|American|Washington,White House,Pentagon
Uruguay|Uruguayan|Montevideo
Uzbekistan|Uzbek,Uzbekistani|Tashkent
Vanuatu|Ni-Vanuatu|Port Vila
Vatican,Vatican City,Holy See||
Venezuela|Venezuelan|Caracas,Miraflores
Vietnam,Viet Nam|Vietnamese|Hanoi
Western Sahara|Sahrawi|Laayoune
Yemen|Yemeni|Sanaa,Sana'a,Aden
Zambia|Zambian|Lusaka
Zimbabwe|Zimbabwean|Harare
European Union,EU||Brussels,European Commission,Berlaymont
"""

_NOT_COUNTRIES = (
    "South America,South American,South Americans,Latin America,Latin American,Latin Americans,"
    "North America,North American,North Americans,Central America,Central American,"
    "Central Americans,Native American,Native Americans,African American,African Americans,"
    "American Samoa,American Indian,Bank of America,Indian Ocean,West Indian,West Indies,"
    "New Mexico,New Mexican,Gulf of Mexico,Northern Ireland,Northern Irish,New England,"
    "British Columbia,British Virgin Islands,French Guiana,French Polynesia,New Guinea,"
    "Gulf of Guinea,Niger Delta,Niger River,South China Sea,East China Sea,Sea of Japan,"
    "Air Force One,South China Morning Post,Washington Post,Washington Times,Washington State,"
    "Washington DC,Washington D.C,New London,East London,Jerusalem Post,Moscow Times,"
    "Times of Israel,Times of India,USA Today,Voice of America,US Open,French Open,"
    "Australian Open,George Washington,Denzel Washington,Paris Hilton,Berlin Wall,"
    "Michael Jordan,Jim Jordan,Paris Agreement,Paris Accord,Paris climate,Inner Mongolia,"
    "Outer Mongolia,Georgia Tech,Vienna Convention,Geneva Convention"
)


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its names; ``names[0]`` is the one it is listed under.

    Parameters
    ----------
    names : tuple of str
        Country and its other names and abbreviations.
    people : tuple of str
        Adjective and nationals, plurals included.
    seats : tuple of str
        Capital and houses of government: they stand for the government only now and then.
    """

    names: tuple[str, ...]
    people: tuple[str, ...]
    seats: tuple[str, ...]


def country_of(word: str) -> Country | None:
    """The country that a name, abbreviation, adjective or national belongs to; None without one.

    Case counts only where a word has two or three letters ("US", not "us").

    Examples
    --------
    >>> country_of("the Russians").names[0], country_of("U.S.").names[0], country_of("us")
    ('Russia', 'United States', None)
    """
    bare = word.strip()
    bare = bare[4:] if bare[:4].lower() == "the " else bare
    if "." in bare and len(bare) <= 8:
        bare = bare.replace(".", "")
    return _index().get(bare if len(bare) <= 4 else bare.casefold())


@lru_cache(maxsize=1)
def countries() -> tuple[Country, ...]:
    """All countries of the table, and the European Union.

    Examples
    --------
    >>> [country.seats for country in countries() if "Russia" in country.names]
    [('Moscow', 'Kremlin')]
    """
    return tuple(_country(line) for line in _TABLE.strip().splitlines())


@lru_cache(maxsize=1)
def other_names() -> tuple[str, ...]:
    """Names that contain a country's or a seat's and mean something else ("Latin America")."""
    return tuple(_NOT_COUNTRIES.split(","))


def _country(line: str) -> Country:
    names, people, seats = (tuple(filter(None, cell.split(","))) for cell in line.split("|"))
    plurals = tuple(f"{word}s" for word in people if not word.endswith(("s", "ese")))
    plurals = tuple(word for word in plurals if word not in names and word != "Laos")
    return Country(names, people + plurals, seats)


@lru_cache(maxsize=1)
def _index() -> dict[str, Country]:
    index: dict[str, Country] = {}
    for country in countries():
        for word in (*country.names, *country.people):
            index.setdefault(word if len(word) <= 4 else word.casefold(), country)
    return index
