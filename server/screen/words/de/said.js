/**
 * What the server says no with, in German, by its code: what stands in the way, and what to do. First the refusals of the
 * rules, in the order of `engine/docs/rules.md`, which a test holds; then what is wrong with a scan, a sign-in, or the
 * server itself. In English it is said as the server says it.
 */

/** @type {Record<string, [string, string]>} */
export const said = {
  request_exists_with_different_content: [
    "Die Anfragenummer wurde schon f\u00fcr eine andere Buchung benutzt",
    "Noch einmal beginnen",
  ],
  nothing_named: ["Es ist kein Objekt genannt", "Mindestens eines scannen"],
  too_many_objects: ["Es sind mehr Objekte, als eine Buchung haben darf", "In mehreren Buchungen senden"],
  event_time_out_of_range: [
    "Die Zeit des Ereignisses liegt zu weit in der Zukunft oder in der Vergangenheit",
    "Die Uhr des Ger\u00e4ts pr\u00fcfen",
  ],
  reason_required: ["Daf\u00fcr ist ein Grund n\u00f6tig", "Sagen, warum es getan wird"],
  role_not_allowed: ["Diese Rolle darf das nicht", "Jemanden fragen, der es darf"],
  object_named_twice: ["Das Objekt ist doppelt genannt", "Jedes einmal scannen"],
  identifier_is_not_an_instance: [
    "Der Code nennt eine Art oder einen Ort und kein einzelnes Objekt",
    "Den Code mit Seriennummer oder SSCC scannen",
  ],
  container_into_itself: ["Der Beh\u00e4lter k\u00e4me in sich selbst", "Einen anderen Beh\u00e4lter scannen"],
  object_already_commissioned: ["Das Objekt ist schon eingebucht", "Weglassen, es ist schon da"],
  identifier_used_before: [
    "Die Kennung wurde schon benutzt und darf noch nicht wieder benutzt werden",
    "Eine neue Kennung nehmen",
  ],
  object_not_found: [
    "Das Objekt wurde hier nie eingebucht",
    "Pr\u00fcfen, ob es das richtige Etikett ist; sonst zur Seite legen und der Aufsicht melden",
  ],
  object_not_active: ["Das Objekt ist au\u00dfer Gebrauch", "Ein anderes nehmen, dieses ist endg\u00fcltig au\u00dfer Gebrauch"],
  object_is_away: [
    "Das Objekt ist versendet und au\u00dfer Haus",
    "Zuerst annehmen, zur\u00fccknehmen oder den Versand stornieren",
  ],
  object_is_not_away: ["Das Objekt wurde nicht versendet, oder es ist schon wieder da", "Weglassen"],
  object_on_hold: ["Das Objekt oder ein Beh\u00e4lter darum herum ist gesperrt", "Zuerst freigeben lassen"],
  lot_on_hold: ["Die Charge des Objekts ist gesperrt", "Zuerst die Charge freigeben lassen"],
  object_not_on_hold: ["Das Objekt oder die Charge ist selbst nicht gesperrt", "Freigeben, was gesperrt wurde"],
  object_in_container: [
    "Das Objekt ist in einem Beh\u00e4lter",
    "Zuerst herausnehmen, oder den \u00e4u\u00dfersten Beh\u00e4lter scannen",
  ],
  child_already_in_parent: ["Das ist schon in diesem Beh\u00e4lter", "Weglassen"],
  child_has_other_parent: ["Das ist in einem anderen Beh\u00e4lter", "Dort zuerst herausnehmen, oder umpacken"],
  child_not_in_any_parent: ["Das Objekt ist in keinem Beh\u00e4lter", "Weglassen"],
  child_not_in_parent: [
    "Das Objekt ist nicht in dem genannten Beh\u00e4lter",
    "Den Beh\u00e4lter scannen, in dem es ist, oder nur das Objekt",
  ],
  would_be_cycle: ["Der Beh\u00e4lter ist in dem, was hineinkommen soll", "Zuerst den Beh\u00e4lter herausnehmen"],
  object_is_not_container: [
    "Das Objekt enth\u00e4lt nichts und ist kein Beh\u00e4lter",
    "Einen Beh\u00e4lter scannen",
  ],
  container_is_empty: ["Der Beh\u00e4lter ist leer", "Weglassen"],
  container_is_closed: ["Der Beh\u00e4lter ist geschlossen", "Zuerst wieder \u00f6ffnen"],
  container_is_open: ["Der Beh\u00e4lter ist offen", "Zuerst schlie\u00dfen"],
  container_is_broken: [
    "Aus dem Beh\u00e4lter wurde nach dem Schlie\u00dfen etwas entnommen",
    "Auff\u00fcllen und wieder schlie\u00dfen",
  ],
  level_not_above: [
    "Der Beh\u00e4lter ist keine h\u00f6here Stufe als das, was hineinkommt",
    "In einen gr\u00f6\u00dferen Beh\u00e4lter packen",
  ],
  level_not_allowed: ["So wird dieses Produkt nicht verpackt", "Die Verpackung des Produkts pr\u00fcfen"],
  depth_exceeded: ["Es w\u00e4ren mehr Stufen ineinander, als erlaubt sind", "Zuerst einige Stufen auspacken"],
  container_is_full: [
    "In den Beh\u00e4lter k\u00e4me mehr, als seine Verpackung erlaubt",
    "Einen anderen Beh\u00e4lter nehmen",
  ],
  container_is_not_full: [
    "Im Beh\u00e4lter ist weniger, als seine Verpackung sagt",
    "Auff\u00fcllen, oder als Teilmenge schlie\u00dfen",
  ],
  container_is_not_partial: ["Im Beh\u00e4lter ist so viel, wie seine Verpackung sagt", "Als voll schlie\u00dfen"],
  lots_mixed: ["Im Beh\u00e4lter w\u00e4ren mehrere Chargen", "Chargen getrennt halten"],
  lot_not_found: [
    "Von diesem Produkt und dieser Charge wurde nie etwas eingebucht",
    "Produkt und Chargennummer pr\u00fcfen",
  ],
  lot_data_differ: ["Die Charge ist mit einem anderen Datum bekannt", "Die Charge berichtigen, oder die Eingabe"],
  products_differ: [
    "Die beiden sind nicht vom selben Produkt oder von derselben Stufe",
    "Eines vom selben Produkt nehmen",
  ],
  objects_must_differ: ["An beiden Stellen steht dasselbe Objekt", "Zwei verschiedene scannen"],
  event_is_late: ["Ein neueres Ereignis des Objekts ist schon gebucht", "Buchen, was jetzt stimmt"],
  quantity_not_there: ["Diese Menge ist nicht im Beh\u00e4lter", "Auspacken, was darin ist"],
  quantities_in_container: [
    "Der Beh\u00e4lter enth\u00e4lt Dinge, die nur nach Art und Menge bekannt sind",
    "Diese zuerst auspacken",
  ],
  engine_is_full: ["Es sind so viele Objekte gespeichert, wie m\u00f6glich sind", "Die Verwaltung rufen"],
  lot_already_on_hold: ["Die Charge ist schon gesperrt", "Weglassen"],
  object_already_on_hold: ["Das Objekt ist selbst schon gesperrt", "Weglassen"],
  parking_is_full: ["Es warten schon so viele Ereignisse, wie warten d\u00fcrfen", "Sp\u00e4ter noch einmal senden"],
  earlier_event_is_parked: [
    "Ein fr\u00fcheres Ereignis des Objekts wartet noch",
    "Warten, bis das da ist, worauf es baut",
  ],
  setting_not_found: ["Diese Einstellung hat keinen Wert", "Den Namen pr\u00fcfen"],
  settings_are_full: [
    "Es sind so viele Einstellungen gespeichert, wie m\u00f6glich sind",
    "Werte k\u00fcrzen, oder vorhandene \u00e4ndern",
  ],
  station_not_allowed: ["Das ist an dieser Station nicht erlaubt", "An einer zugeteilten Station arbeiten"],
  not_understood: [
    "Das ist keine GS1-Kennung",
    "Den GS1-Code des Etiketts scannen; war es der, hilft der Scannertest",
  ],
  separator_lost: [
    "Der Scanner hat ein Trennzeichen verloren; nur ein bekanntes Objekt passt",
    "Den Scanner so einstellen, dass er FNC1 als GS oder als | sendet",
  ],
  caps_lock: [
    "Die Feststelltaste hat Gro\u00df- und Kleinbuchstaben vertauscht; nur ein bekanntes Objekt passt",
    "Die Feststelltaste ausschalten",
  ],
  wrong_credentials: ["Name oder Passwort ist falsch", "Noch einmal versuchen, oder die Verwaltung fragen"],
  too_many_failures: [
    "Es waren zu viele falsche Passw\u00f6rter; das n\u00e4chste wird in {n} s angesehen",
    "Warten, dann noch einmal versuchen",
  ],
  crowded: ["Es melden sich gerade zu viele an", "In ein paar Sekunden noch einmal versuchen"],
  credentials_required: ["Niemand ist angemeldet", "Anmelden"],
  signature_required: [
    "Das wird mit der Unterschrift dessen gebucht, der es entscheidet",
    "Das eigene Passwort noch einmal eingeben, oder Name und Passwort einer zweiten Person",
  ],
  signature_wrong: [
    "Name oder Passwort der Unterschrift ist falsch; nichts wurde gebucht",
    "Noch einmal unterschreiben",
  ],
  password_unfit: [
    "Ein Passwort hat mindestens 10 Zeichen und ist nicht der Name",
    "Ein l\u00e4ngeres nehmen, etwa aus einigen W\u00f6rtern",
  ],
  name_taken: ["Diesen Namen gibt es schon", "Einen anderen Namen nehmen"],
  last_administrator: [
    "Das ist der letzte Verwalter, der sich anmelden kann",
    "Zuerst einen anderen zum Verwalter machen",
  ],
  wrong_setup_token: [
    "Das ist nicht, was der Server beim Start ausgegeben hat, oder es gibt schon einen Verwalter",
    "Anmelden, oder den Server neu starten und das neue Kennwort nehmen",
  ],
  cannot_be_undone: [
    "Das l\u00e4sst sich nicht zur\u00fccknehmen: Es ist endg\u00fcltig, oder danach geschah etwas anderes damit",
    "Was falsch ist, mit einer eigenen Buchung richtigstellen",
  ],
  final: ["Es ist endg\u00fcltig", "Was falsch ist, mit einer eigenen Buchung richtigstellen"],
  changed_since: [
    "Danach geschah etwas anderes damit",
    "Was falsch ist, mit einer eigenen Buchung richtigstellen",
  ],
  nothing_changed: ["Es hat nichts ge\u00e4ndert", "Es gibt nichts zur\u00fcckzunehmen"],
  not_closed_before: ["Es war vorher nicht geschlossen", "Mit einer eigenen Buchung schlie\u00dfen"],
  closed_differently: ["Einige waren voll und andere nicht", "Jeden f\u00fcr sich schlie\u00dfen"],
  too_long_ago: ["Seitdem ist zu viel geschehen", "Die Charge mit einer eigenen Buchung sperren oder freigeben"],
  fact_not_found: ["Diese Buchung gibt es nicht", "Eine der letzten Buchungen nehmen"],
  not_an_sscc: ["Ein Etikett gibt es nur f\u00fcr Beh\u00e4lter mit SSCC", "Die SSCC des Beh\u00e4lters scannen"],
  checkpoint_failed: [
    "Es l\u00e4sst sich kein Sicherungspunkt schreiben; gearbeitet werden kann weiter",
    "Den Datentr\u00e4ger pr\u00fcfen; ein Neustart des Servers beginnt neu damit",
  ],
  printer_not_found: ["Diesen Drucker gibt es nicht in den Einstellungen", "Einen anderen Drucker nehmen"],
  printer_failed: [
    "Der Drucker hat das Etikett nicht genommen",
    "Nachsehen, ob er an ist, erreichbar ist und Etiketten hat; dann noch einmal drucken",
  ],
  busy: ["Der Server hat gerade zu viel zu tun", "Gleich noch einmal versuchen"],
  stopping: ["Der Server wird gerade angehalten", "Noch einmal versuchen, wenn er wieder da ist"],
  poisoned: ["Der Server kann nicht mehr auf seine Platte schreiben", "Die Verwaltung rufen"],
  disk_low: ["Die Platte des Servers ist fast voll", "Die Verwaltung rufen"],
  stopped: ["Der Server nimmt nach einem Fehler nichts mehr an", "Die Verwaltung rufen"],
  defect: ["Im Server ist ein Fehler", "Die Verwaltung rufen; das Protokoll sagt mehr"],
  too_slow: ["Der Server hat zu lange gebraucht", "Noch einmal versuchen"],
};
